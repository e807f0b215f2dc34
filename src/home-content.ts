import type { Pause } from './engine/pause.ts'
import { openActions } from './incident/action-item.ts'
import type { HomeContent, OnCallNow } from './incident/home.ts'
import type { Insights } from './incident/insights.ts'
import type { Catalogue, Service } from './incident/service.ts'
import { OPEN_STATUSES } from './incident/status.ts'
import { within } from './platform/time-limit.ts'
import type { Store } from './store/store.ts'

export type HomeContentOptions = {
  store: Pick<Store, 'list'>
  pause: Pick<Pause, 'current'>
  catalogue: Catalogue
  /** The people in a user group, from memory or with a short wait. */
  groupMembers(group: string): Promise<readonly string[] | undefined>
  /** Who is on call for a PagerDuty service, first level first; absent without PagerDuty. */
  onCalls?:
    | ((
        of: { service: string },
        signal?: AbortSignal,
      ) => Promise<{ level: number; person: { name: string; email?: string | undefined } }[]>)
    | undefined
  slackIdOf(email: string): Promise<string | undefined>
  /** What incidents that everybody may see add up to; times in epoch ms. */
  insights(wanted: { from: number; to: number }): Promise<Insights>
  /** Address of the page of insights, where everybody may have it. */
  insightsLink(): string | undefined
  now: () => number
}

/** More open incidents than this are a backlog that no list can help with. */
const MOST_OPEN = 1_000
const MOST_OVER = 10
const MOST_WITH_ITEMS = 200
/** The Home tab shows who is on call for so many services. */
const MOST_ON_CALL = 5
/** So many services are asked about whether the person is on call for them. */
const MOST_ROTAS = 20
/** Rotas change by the hour. */
const KEEP_ON_CALL_MS = 5 * 60_000
/** The rest of the tab does not wait for PagerDuty. */
const ON_CALL_WITHIN_MS = 1_500

/** What the past adds up to changes by the day. */
const KEEP_INSIGHTS_MS = 10 * 60_000
const LATELY_MS = 30 * 86_400_000
const INSIGHTS_WITHIN_MS = 1_500

/** What a person's Home tab shows, from the store and from look-ups that are kept for some minutes. */
export const createHomeContent = (options: HomeContentOptions) => {
  const { store, pause, catalogue, groupMembers, onCalls, slackIdOf, insights, insightsLink, now } = options
  const known = new Map<string, { people: OnCallNow['people']; at: number }>()

  let counted: { insights: Insights; at: number } | undefined

  /** The same for everybody, so it is counted for all tabs at once. */
  const lately = async (): Promise<Insights | undefined> => {
    const at = now()
    if (!counted || at - counted.at > KEEP_INSIGHTS_MS) {
      const found = await within(
        INSIGHTS_WITHIN_MS,
        insights({ from: at - LATELY_MS, to: at }).catch(() => undefined),
        undefined,
      )
      if (found) counted = { insights: found, at }
    }
    return counted?.insights
  }

  const lookUp = async (service: Service): Promise<OnCallNow['people']> => {
    const limit = AbortSignal.timeout(ON_CALL_WITHIN_MS)
    const rows = (await onCalls?.({ service: service.pagerdutyService as string }, limit)) ?? []
    return Promise.all(
      rows
        .filter(({ level }) => level === 1)
        .slice(0, 3)
        .map(async ({ person: { name, email } }) => {
          const id = email ? await slackIdOf(email).catch(() => undefined) : undefined
          return { name, ...(id ? { id } : {}) }
        }),
    )
  }

  /** Undefined when PagerDuty does not answer, and never did. */
  const onCallFor = async (service: Service): Promise<OnCallNow | undefined> => {
    const before = known.get(service.id)
    if (!before || now() - before.at > KEEP_ON_CALL_MS) {
      const people = await within(
        ON_CALL_WITHIN_MS,
        lookUp(service).catch(() => undefined),
        undefined,
      )
      if (people) known.set(service.id, { people, at: now() })
    }
    const people = known.get(service.id)?.people
    return people && { service: service.name, people }
  }

  /** Services that name the person as their owner, by themselves or by their user group, and those they are on call for. */
  const servicesOf = async (person: string): Promise<string[]> => {
    const services = [...catalogue.values()]
    const withRota = onCalls ? services.filter(({ pagerdutyService }) => pagerdutyService).slice(0, MOST_ROTAS) : []
    const [owned, rotas] = await Promise.all([
      Promise.all(
        services.map(
          async ({ owner, slackGroup }) =>
            owner === person || (slackGroup !== undefined && (await groupMembers(slackGroup))?.includes(person)),
        ),
      ),
      Promise.all(withRota.map(onCallFor)),
    ])
    const onCallNow = withRota.filter((_, i) => rotas[i]?.people.some(({ id }) => id === person)).map(({ id }) => id)
    return [...new Set([...services.filter((_, i) => owned[i]).map(({ id }) => id), ...onCallNow])]
  }

  return async (person: string): Promise<HomeContent> => {
    const [open, over, withItems, services, paused, past] = await Promise.all([
      store.list({ statuses: OPEN_STATUSES, visibleTo: person, limit: MOST_OPEN }),
      store.list({ statuses: ['resolved', 'closed'], visibleTo: person, limit: MOST_OVER }),
      store.list({ withOpenActions: true, visibleTo: person, limit: MOST_WITH_ITEMS }),
      servicesOf(person),
      pause.current(),
      lately(),
    ])
    const items = withItems
      .filter(({ status, drill }) => status !== 'cancelled' && status !== 'triage' && !drill)
      .flatMap((incident) =>
        openActions(incident).flatMap((item) => (item.owner === person ? [{ incident, item }] : [])),
      )
      .sort((a, b) => (a.item.due ?? '9999').localeCompare(b.item.due ?? '9999'))
    // Of their own services; for everybody else, of those that something is wrong with.
    const asked = [...services, ...open.flatMap(({ service }) => service ?? [])]
    const paged = [...new Set(asked)].flatMap((id) => catalogue.get(id) ?? []).filter((one) => one.pagerdutyService)
    const onCall = onCalls ? await Promise.all(paged.slice(0, MOST_ON_CALL).map(onCallFor)) : []
    const insightsPage = insightsLink()
    return {
      ...(insightsPage ? { insightsPage } : {}),
      open,
      over,
      items,
      services,
      paused,
      lately: past,
      now: now(),
      onCall: onCall.filter((one) => one !== undefined),
    }
  }
}
