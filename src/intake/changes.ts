import type { Recorder } from '../engine/record.ts'
import { seeChange } from '../incident/alert-decisions.ts'
import type { Change, ChangeFeed, ChangeRelation } from '../incident/change.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { leanedOn } from '../incident/graph.ts'
import type { Incident } from '../incident/incident.ts'
import { type Catalogue, findService } from '../incident/service.ts'
import { isOver, OPEN_STATUSES } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

export type ChangesOptions = {
  store: Store
  record: Recorder
  catalogue: Catalogue
  /** Asked only around an incident. */
  feeds: readonly ChangeFeed[]
  /** How far back a change may have to do with an incident, ms. */
  windowMs: number
  now: () => number
  log: Log
}

/** How many changes an incident is told of at its opening. */
const NEAREST = 5
/** How long one feed may take. */
const FEED_TIMEOUT_MS = 8_000

/** More open incidents than this are a backlog, and nobody works on its end. */
const MOST_OPEN = 1_000

/** A deploy or config change comes in, or is looked for. */
export const createChanges = ({ store, record, catalogue, feeds, windowMs, now, log }: ChangesOptions) => {
  const serviceOf = (change: Change) => findService(catalogue, { service: change.service })?.id ?? change.service

  /** Those of the alerting services and what they lean on first, then the nearest in time. */
  const nearest = (changes: { change: Change; service: string | undefined }[], incident: Incident, at: number) => {
    const rank = (one: { service: string | undefined }) => (relationOf(incident, one.service) ? 0 : 1)
    return changes
      .toSorted((a, b) => rank(a) - rank(b) || Math.abs(at - a.change.at) - Math.abs(at - b.change.at))
      .slice(0, NEAREST)
      .map(({ change, service: id }) => ({ ...change, ...(id ? { service: id } : {}) }))
  }

  const relationOf = (incident: Incident, changed: string | undefined): ChangeRelation | undefined => {
    if (changed === undefined) return undefined
    const alerting = [...(incident.service === undefined ? [] : [incident.service]), ...incident.alerts.services]
    if (alerting.includes(changed)) return 'alerting'
    return leanedOn(alerting, catalogue).has(changed) ? 'upstream' : undefined
  }

  const find: EffectHandler<'find_changes'> = async (_effect, { incident, signal }) => {
    if (isOver(incident)) return []
    const at = incident.milestones.impact_started?.at ?? incident.declaredAt
    const window = { from: at - windowMs, to: now() }
    await Promise.all(
      feeds.map(async (feed) => {
        try {
          const limit = AbortSignal.any([signal, AbortSignal.timeout(FEED_TIMEOUT_MS)])
          const found = await feed.changes(
            { ...window, ...(incident.service ? { service: incident.service } : {}) },
            limit,
          )
          for (const change of found) await store.keepChange(change, serviceOf(change))
        } catch (error) {
          log.warn('a feed of changes did not answer', {
            feed: feed.name,
            incident: incident.id,
            reason: messageOf(error),
          })
        }
      }),
    )
    const events: IncidentEvent[] = []
    for (const change of nearest(await store.changes(window), incident, at).reverse())
      events.push(
        ...seeChange(
          incident,
          { change, relation: relationOf(incident, change.service) },
          { by: change.source, at: change.at },
        ),
      )
    return events
  }

  return {
    /** Keeps a change, and tells the open incidents it may have to do with. False when it was known already. */
    ingest: async (change: Change): Promise<boolean> => {
      const service = serviceOf(change)
      const isNew = await store.keepChange(change, service)
      if (!service) return isNew
      // Also when it was known: whoever kept it may have ended before everybody was told.
      for (const incident of await store.list({ statuses: OPEN_STATUSES, limit: MOST_OPEN })) {
        const relation = relationOf(incident, service)
        if (relation && change.at >= incident.declaredAt - windowMs)
          await record.change(
            incident.id,
            (state) =>
              seeChange(state, { change: { ...change, service }, relation }, { by: change.source, at: change.at }),
            `change:${incident.id}:${change.key}`,
          )
      }
      return true
    },
    find,
  }
}

export type Changes = ReturnType<typeof createChanges>
