import type { CallFact } from '../incident/call-fact.ts'
import type { Effect } from '../incident/effect.ts'
import type { EffectContext, EffectHandler } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import {
  changedLead,
  leadOf,
  nextRound,
  openedAt,
  type RankAgain,
  type RankedSuspect,
  type RankingFound,
  type SuspectLabel,
} from '../incident/ranking.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import { kindOfAlert } from '../suspects/alert-kind.ts'
import { type CaseFile, inputOf } from '../suspects/case-file.ts'
import { caseOf } from '../suspects/freeze.ts'
import type { RankingInput, ServiceChange } from '../suspects/input.ts'
import { rankSuspects } from '../suspects/rank.ts'
import type { Ranking, Suspect } from '../suspects/result.ts'
import { signalText } from '../suspects/sentence.ts'
import { suspectChart } from './suspect-chart.ts'

/** What to read for a ranking. Instants are epoch ms. */
export type RankingRequest = {
  service: string | undefined
  signal: RankingInput['alert']['signal']
  firedAt: number
  now: number
  changes: readonly ServiceChange[]
  /** How much of the past to compare with, ms; an hour when not given. */
  lookbackMs?: number | undefined
  /** The first moment believed abnormal, where that is known better than by when the alert fired. */
  since?: number | undefined
}

/** What was read: the ranking's input, facts of the call graph, how much was looked at and what was not answered. */
export type RankingReading = {
  input: RankingInput
  facts: CallFact[]
  services: number
  leftOut: number
  /** Questions, and how many of them were answered. */
  asked: number
  answered: number
  problems: string[]
}

/** Where live rankings come from: Prometheus. `read` never throws for what is in the answers. */
export type RankingSource = {
  name: string
  read(request: RankingRequest, signal: AbortSignal): Promise<RankingReading>
  /** Where the alerting service's trouble began, epoch ms, if that was long before the alert. */
  slowOnset(request: RankingRequest, signal: AbortSignal): Promise<number | undefined>
}

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
const SHOWN = 3
const MOST_FACTS = 5
const MOST_PROBLEMS = 5

/** Ranks the suspects of an incident from what Prometheus shows now, and freezes what it looked at. */
export const createSuspects = (options: SuspectsOptions): { rank_suspects: EffectHandler<'rank_suspects'> } => {
  const { source, store, timeoutMs = 25_000, now, log, metrics } = options

  const requestOf = async (incident: Incident, { cause }: EffectContext): Promise<RankingRequest> => {
    const at = now()
    const firedAt = Math.min(incident.milestones.impact_started?.at ?? incident.declaredAt, at)
    const recent = await store.changes({ from: firedAt - HOUR, to: at })
    return {
      service: (cause.type === 'suspects_requested' ? cause.service : undefined) ?? incident.service,
      signal: incident.alert ? kindOfAlert(incident.alert) : kindOfAlert({ title: incident.title }),
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
    const look = async (wanted: RankingRequest): Promise<Look> => {
      const reading = await reader.read(wanted, limit)
      // What is ranked is what is frozen, so that the file never says anything else.
      const file = caseOf(reading.input, { id: context.effectId, source: reader.name })
      return { reading, file, ranking: rankSuspects(inputOf(file)) }
    }
    const found = await look(request)
      .then((first) => fartherBack(reader, request, first, look, limit))
      .catch((error: unknown) => {
        log.warn('the suspects could not be ranked', { incident: incident.id, reason: messageOf(error) })
        return messageOf(error)
      })
    if (typeof found === 'string') return { ...nothing, problems: [found] }
    const { reading, file, ranking } = found
    const lead = ranking.label === 'no clear suspect' ? undefined : ranking.suspects[0]?.service
    const isNew = lead !== undefined && (!incident.ranking || leadOf(incident.ranking)?.service !== lead)
    const chart = isNew ? suspectChart(ranking, inputOf(file), reader.name) : undefined
    metrics.rankings.inc({ label: ranking.label })
    metrics.rankingSeconds.observe((performance.now() - begun) / 1000)
    return {
      ...(request.service === undefined ? {} : { service: request.service }),
      ...labelled(ranking.label, suspectsOf(ranking, file), reading),
      ...(ranking.label === 'likely' ? await recordOf(store) : {}),
      facts: reading.facts.slice(0, MOST_FACTS),
      read: ranking.read,
      services: reading.services,
      leftOut: reading.leftOut,
      problems: reading.problems.slice(0, MOST_PROBLEMS),
      case: await store.freeze({ kind: 'case', body: JSON.stringify(file) }),
      ...(chart ? { chart: await store.freeze(chart) } : {}),
    }
  }

  return {
    // Ranking twice is harmless: the later look shows more. Looking at Prometheus changes nothing there.
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

/** A young incident is ranked again as its trouble shows; whoever asks gets one answer. */
const roundAfter = (
  { trigger, at, round }: Extract<Effect, { type: 'rank_suspects' }>,
  now: number,
): RankAgain | undefined => {
  if (trigger === 'opening') return nextRound(now, now)
  return at !== undefined && round !== undefined ? nextRound(openedAt({ at, round }), now) : undefined
}

/** Without Prometheus nothing is said, except to whoever asks. */
const without = (trigger: RankingFound['trigger']) =>
  trigger === 'asked'
    ? { ...nothing, problems: ['Suspects are ranked from Prometheus: set PROMETHEUS_URL.'] }
    : undefined

type Look = { reading: RankingReading; file: CaseFile; ranking: Ranking }

/** Before trouble that burned slowly: enough of the past to tell what is usual. */
const PAST_MS = 3 * HOUR
const FARTHEST_MS = 6 * HOUR

/**
 * Trouble that began long before the alert has become the usual of the last hour. Where the ranking is not sure, the
 * alerting service's longer past is asked; a second look at where that began is taken when it is surer.
 */
const fartherBack = async (
  reader: RankingSource,
  request: RankingRequest,
  first: Look,
  look: (wanted: RankingRequest) => Promise<Look>,
  signal: AbortSignal,
): Promise<Look> => {
  if (first.ranking.label === 'likely' || first.ranking.read.series === 0) return first
  const since = await reader.slowOnset(request, signal)
  if (since === undefined || since >= first.ranking.onset - 5 * 60_000) return first
  const lookbackMs = Math.min(FARTHEST_MS, request.now - since + PAST_MS)
  const second = await look({ ...request, since, lookbackMs })
  return confidence(second.ranking) > confidence(first.ranking) ? second : first
}

/** Below this share of answers nobody is called likely: the one that is missing may be the culprit's. */
const ENOUGH_ANSWERS = 0.9

/** With too little answered, "likely" would be a guess. */
const labelled = (
  label: SuspectLabel,
  suspects: RankedSuspect[],
  { asked, answered }: RankingReading,
): Pick<RankingFound, 'label' | 'suspects'> => {
  if (label !== 'likely' || answered >= ENOUGH_ANSWERS * asked) return { label, suspects }
  return {
    label: 'possible',
    suspects: suspects.map((one) => (one.label === 'likely' ? { ...one, label: 'possible' } : one)),
  }
}

/** Verdicts from which the record of "likely" means something. */
const VERDICTS_NEEDED = 10
/** Incidents whose verdicts count: what was true a thousand incidents ago was another system. */
const LATEST_INCIDENTS = 1_000

/** How often "likely" was right here, by the causes that people recorded. */
const recordOf = async (store: Pick<Store, 'list'>): Promise<Pick<RankingFound, 'record'>> => {
  const judged = (await store.list({ limit: LATEST_INCIDENTS })).filter(
    ({ cause, ranking }) => cause && ranking?.label === 'likely',
  )
  if (judged.length < VERDICTS_NEEDED) return {}
  const right = judged.filter(({ cause, ranking }) => ranking?.suspects[0]?.service === cause?.service).length
  return { record: { right, of: judged.length } }
}

/** Labels first, then by how far the first suspect leads. */
const confidence = ({ label, suspects }: Ranking): number => {
  const lead = (suspects[0]?.score ?? 0) - (suspects[1]?.score ?? 0)
  return (label === 'likely' ? 200 : label === 'possible' ? 100 : 0) + lead
}

const nothing = {
  label: 'no clear suspect' as const,
  suspects: [],
  facts: [],
  read: { series: 0, of: 0 },
  services: 0,
  leftOut: 0,
}

/** The first three with any evidence beyond the usual. */
const suspectsOf = (ranking: Ranking, file: CaseFile): RankedSuspect[] =>
  ranking.suspects
    .filter(({ signals }) => signals.length > 0)
    .slice(0, SHOWN)
    .map((suspect) => rankedSuspect(suspect, ranking, file))

const rankedSuspect = (suspect: Suspect, { suspects }: Ranking, { edges }: CaseFile): RankedSuspect => {
  const { service, label, score, signals, explainedBy, virtual } = suspect
  const callers = new Set(edges.flatMap(({ client, server }) => (server === service ? [client] : [])))
  const nearest = nearestChange([suspect]) ?? nearestChange(suspects.filter((other) => callers.has(other.service)))
  return {
    ...{ service, label, score, virtual },
    signals: signals.map(({ since, ...signal }) => ({
      text: signalText(signal).replaceAll('`', ''),
      ...(since === undefined ? {} : { since }),
    })),
    ...(explainedBy ? { explainedBy: explainedBy.service } : {}),
    explains: suspects.filter((other) => other.explainedBy?.service === service).map((other) => other.service),
    ...(nearest
      ? {
          change: {
            ...{ title: nearest.title, at: nearest.at },
            ...(nearest.url ? { url: nearest.url } : {}),
            ...(nearest.service === service ? {} : { caller: nearest.service }),
          },
        }
      : {}),
  }
}

/** The latest change before the trouble; a caller's new query is what a database feels. */
const nearestChange = (suspects: readonly Suspect[]): ServiceChange | undefined =>
  suspects.flatMap(({ changes }) => changes).sort((a, b) => b.at - a.at)[0]
