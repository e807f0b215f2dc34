import { withMoment } from '../incident/chart-moment.ts'
import type { Effect } from '../incident/effect.ts'
import type { EffectContext, EffectHandler } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { changedLead, leadOf, nextRound, openedAt, type RankAgain, type RankingFound } from '../incident/ranking.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import { inputOf } from '../suspects/case-file.ts'
import type { RankingRequest, RankingSource } from '../suspects/source.ts'
import { callGraphOf } from './call-graph.ts'
import { suspectChart } from './suspect-chart.ts'
import { labelled, suspectsOf } from './suspects-found.ts'
import { lookForSuspects } from './suspects-look.ts'
import { recordOf } from './suspects-record.ts'
import { alertKindOf, begunAt } from './suspects-request.ts'
import { asShown, isShown } from './suspects-shown.ts'

export type SuspectsOptions = {
  source: RankingSource | undefined
  store: Pick<Store, 'freeze' | 'changes' | 'list'>
  /** How long the whole of the reading may take, ms: less than the handler's own limit, so that there is an answer. */
  timeoutMs?: number
  now: () => number
  log: Log
  metrics: Metrics
}

const HOUR = 3_600_000
const MOST_FACTS = 5
const MOST_PROBLEMS = 5

/** Ranks the suspects of an incident from what Prometheus shows now, and freezes what it looked at. */
export const createSuspects = (options: SuspectsOptions): { rank_suspects: EffectHandler<'rank_suspects'> } => {
  const { source, store, timeoutMs = 25_000, now, log, metrics } = options

  const requestOf = async (incident: Incident, { cause }: EffectContext): Promise<RankingRequest> => {
    const at = now()
    const firedAt = begunAt(incident, at)
    const recent = await store.changes({ from: firedAt - HOUR, to: at })
    return {
      service: (cause.type === 'suspects_requested' ? cause.service : undefined) ?? incident.service,
      signal: alertKindOf(incident),
      firedAt,
      now: at,
      changes: recent.flatMap(({ change, service }) =>
        service === undefined
          ? []
          : [{ service, at: change.at, title: change.title, kind: change.kind, url: change.url }],
      ),
    }
  }

  const rankWith = async (
    reader: RankingSource,
    incident: Incident,
    context: EffectContext,
  ): Promise<Omit<RankingFound, 'trigger'>> => {
    const begun = performance.now()
    const request = await requestOf(incident, context)
    const limit = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)])
    const found = await lookForSuspects(reader, request, { id: context.effectId, signal: limit }).catch(
      (error: unknown) => {
        log.warn('the suspects could not be ranked', { incident: incident.id, reason: messageOf(error) })
        return messageOf(error)
      },
    )
    if (typeof found === 'string') return { ...nothing, problems: [found] }
    const { reading, file } = found
    const ranking = asShown(found.ranking, incident)
    const lead = ranking.label === 'no clear suspect' ? undefined : ranking.suspects[0]?.service
    const isNew = lead !== undefined && (!incident.ranking || leadOf(incident.ranking)?.service !== lead)
    const chart = isNew && !isShown(ranking, incident) ? suspectChart(ranking, inputOf(file), reader.name) : undefined
    const sure = labelled(ranking.label, suspectsOf(ranking, file), reading)
    // What is only declared everybody can read in the catalogue.
    const isSeen = reading.topology.calls.some(({ sources }) => sources.length > 0)
    const graph =
      isSeen && (isNew || incident.ranking?.graph === undefined)
        ? callGraphOf({
            topology: reading.topology,
            ranking,
            label: sure.label,
            facts: reading.facts,
            service: request.service,
            alerting: incident.alerts.services,
            source: reader.name,
            at: request.now,
          })
        : undefined
    metrics.rankings.inc({ label: sure.label })
    metrics.rankingSeconds.observe((performance.now() - begun) / 1000)
    return {
      ...(request.service === undefined ? {} : { service: request.service }),
      ...sure,
      ...(ranking.label === 'likely' ? await recordOf(store) : {}),
      facts: reading.facts.slice(0, MOST_FACTS),
      read: ranking.read,
      services: reading.services,
      leftOut: reading.leftOut,
      problems: reading.problems.slice(0, MOST_PROBLEMS),
      case: await store.freeze({ kind: 'case', body: JSON.stringify(file) }, incident.id),
      ...(chart ? { chart: await store.freeze(withMoment(chart, incident), incident.id) } : {}),
      ...(graph ? { graph: await store.freeze(graph, incident.id) } : {}),
    }
  }

  return {
    // Ranking twice is harmless: the later run sees more. Querying Prometheus changes nothing there.
    rank_suspects: async (effect, context): Promise<IncidentEvent[]> => {
      const { incident } = context
      if (isOver(incident)) return []
      const again = roundAfter(effect, now())
      const found = source ? await rankWith(source, incident, context) : without(effect.trigger)
      if (!found) return []
      const ranked = { ...found, trigger: effect.trigger, ...(again ? { again } : {}) }
      const was = changedLead(incident.ranking, ranked)
      return [{ by: 'muster', at: now(), type: 'suspects_ranked', ...ranked, ...(was ? { was } : {}) }]
    },
  }
}

/** A young incident is re-ranked as its trouble develops; a person who requests a ranking gets one answer. */
const roundAfter = (
  { trigger, at, round }: Extract<Effect, { type: 'rank_suspects' }>,
  now: number,
): RankAgain | undefined => {
  if (trigger === 'opening') return nextRound(now, now)
  return at !== undefined && round !== undefined ? nextRound(openedAt({ at, round }), now) : undefined
}

/** Without Prometheus nothing is posted, except to a person who requested a ranking. */
const without = (trigger: RankingFound['trigger']) =>
  trigger === 'asked'
    ? { ...nothing, problems: ['Suspects are ranked from Prometheus: set PROMETHEUS_URL.'] }
    : undefined

const nothing = {
  label: 'no clear suspect' as const,
  suspects: [],
  facts: [],
  read: { series: 0, of: 0 },
  services: 0,
  leftOut: 0,
}
