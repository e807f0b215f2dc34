import type { Recorder } from '../engine/record.ts'
import { seeChange } from '../incident/alert-decisions.ts'
import type { Change, ChangeFeed, ChangeRelation } from '../incident/change.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { dependenciesOf, upstreamOf } from '../incident/graph.ts'
import type { Incident } from '../incident/incident.ts'
import { type Catalogue, findService } from '../incident/service.ts'
import { isOver, OPEN_STATUSES } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

export type ChangesOptions = {
  store: Store
  record: Recorder
  catalogue: Catalogue
  /** Queried only around an incident. */
  feeds: readonly ChangeFeed[]
  /** Whether changes can arrive by webhook: without a source, finding none means nothing. */
  hasSources: boolean
  /** How long before an incident a change may be related to it, ms. */
  windowMs: number
  now: () => number
  log: Log
}

/** How many changes an incident shows at its opening. */
const NEAREST = 5
/** Time limit for one feed. */
const FEED_TIMEOUT_MS = 8_000
/** More open incidents than this are a backlog. */
const MOST_OPEN = 1_000
/** At most this many related services are queried for changes. */
const MOST_RELATED = 500

/** Ingests deploys and configuration changes, and queries those around an incident. */
export const createChanges = ({ store, record, catalogue, feeds, hasSources, windowMs, now, log }: ChangesOptions) => {
  /** Stores a change and adds it to the open incidents it may be related to. False when it was already known. */
  const ingest = async (change: Change): Promise<boolean> => {
    const service = serviceOf(change)
    const isNew = await store.keepChange(change, service)
    if (!service) return isNew
    // Also when it was known: the process that stored it may have stopped before adding it to all incidents.
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
  }

  const find: EffectHandler<'find_changes'> = async (_effect, { incident, signal }) => {
    if (isOver(incident)) return []
    const at = incident.milestones.impact_started?.at ?? incident.declaredAt
    const window = { from: at - windowMs, to: now() }
    await Promise.all(feeds.map((feed) => fetchFrom(feed, incident, window, signal)))
    const changes = await nearest(incident, window, at)
    const seen = changes
      .toReversed()
      .flatMap((change): IncidentEvent[] =>
        seeChange(
          incident,
          { change, relation: relationOf(incident, change.service) },
          { by: change.source, at: change.at },
        ),
      )
    // Once: later changes are reported as they arrive.
    if (incident.changesSearched || !(await canSee(signal))) return seen
    const related = changes.filter(({ service }) => relationOf(incident, service)).length
    return [...seen, { type: 'changes_searched', windowMs, related, by: 'muster', at: now() }]
  }

  const fetchFrom = async (
    feed: ChangeFeed,
    incident: Incident,
    window: { from: number; to: number },
    signal: AbortSignal,
  ): Promise<void> => {
    const { id, service } = incident
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(FEED_TIMEOUT_MS)])
      const services = [...upstreamOf(alertingOf(incident), catalogue)].slice(0, MOST_RELATED)
      const found = await feed.changes({ ...window, services, ...(service ? { service } : {}) }, limit)
      for (const change of found) await store.keepChange(change, serviceOf(change))
    } catch (error) {
      log.warn('change feed failed', { feed: feed.name, incident: id, reason: messageOf(error) })
    }
  }

  /** Whether changes would be known if there were any. */
  const canSee = async (signal: AbortSignal): Promise<boolean> => {
    const able = feeds.map((feed) => feed.seesChanges?.(signal).catch(() => false) ?? true)
    return hasSources || (await Promise.all(able)).includes(true)
  }

  /** Changes of the alerting services and their upstreams first, then others, each nearest in time first. */
  const nearest = async (incident: Incident, window: { from: number; to: number }, at: number): Promise<Change[]> => {
    const query = { ...window, near: at, limit: NEAREST }
    const services = [...upstreamOf(alertingOf(incident), catalogue)].slice(0, MOST_RELATED)
    const found = [...(await store.changes({ ...query, services })), ...(await store.changes(query))]
    const changes = new Map(found.map(({ change, service }) => [change.key, service ? { ...change, service } : change]))
    return [...changes.values()].slice(0, NEAREST)
  }

  const relationOf = (incident: Incident, changed: string | undefined): ChangeRelation | undefined => {
    if (changed === undefined) return undefined
    const alerting = alertingOf(incident)
    if (alerting.includes(changed)) return 'alerting'
    if (dependenciesOf(alerting, catalogue).has(changed)) return 'upstream'
    return upstreamOf(alerting, catalogue).has(changed) ? 'sibling' : undefined
  }

  const alertingOf = ({ service, alerts }: Incident): string[] => [
    ...(service === undefined ? [] : [service]),
    ...alerts.services,
  ]

  const serviceOf = (change: Change) => findService(catalogue, { service: change.service })?.id ?? change.service

  return { ingest, find }
}

export type Changes = ReturnType<typeof createChanges>
