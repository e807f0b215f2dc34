import { bulkhead } from 'cockatiel'
import { messageOf } from '../../incident/errors.ts'
import type { EvidenceRequest, EvidenceSource, Snapshot } from '../../incident/evidence.ts'
import { type Catalogue, findService } from '../../incident/service.ts'
import { belongingOf, type Labels } from './belonging.ts'
import { chartOf, SOURCE } from './chart.ts'
import type { PrometheusClient } from './client.ts'
import { type Found, withoutDoubles, withoutMeans } from './doubles.ts'
import { PrometheusError } from './errors.ts'
import { type GoldenQuestion, goldenQuestions } from './golden.ts'
import { clusterFacts } from './kubernetes/cluster.ts'
import type { MetricNames } from './metric-names.ts'
import { type Question, questionsFor } from './questions.ts'
import type { Recognition } from './recognition.ts'

export type PrometheusEvidenceOptions = {
  client: PrometheusClient
  /** The metric families that exist; without it only configured queries run. */
  recognition?: Recognition
  /** Which metrics there are; without it nothing is read of the cluster. */
  names?: MetricNames
  /** The declared services: stores of the others are examined, too. */
  catalogue?: Catalogue
  /** Concurrent queries over all incidents: others need Prometheus during an outage, too. */
  atOnce?: number
  /** Series kept per query, those that moved most. */
  mostSeries?: number
}

/** A point a minute over six hours: enough for a baseline, and light on Prometheus. */
const POINTS = 360
/** The range of rates: four samples of the usual scrape interval of 30 s. */
const RATE_RANGE = '2m'
/** Where samples come once a minute or less often, the first range holds one at most and a rate has no value. */
const SPARSE_RANGE = '10m'

/**
 * Charts from Prometheus: what the alerts measure, the catalogue's queries, and automatically discovered golden
 * signals. Each query has its own time limit (the client's), and a configured one without a response becomes a
 * `missing` snapshot that says why; `collect` never throws.
 */
export const prometheusEvidence = ({
  client,
  recognition,
  names,
  catalogue = new Map(),
  atOnce = 6,
  mostSeries = 50,
}: PrometheusEvidenceOptions): EvidenceSource => {
  const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)
  const inTurn = <T>(signal: AbortSignal, work: () => Promise<T>) => within(signal, turn.execute(work))

  const look = async (question: Question, request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot> => {
    const { title, query } = question
    const { past, to } = request
    const url = client.graphUrl({ query, from: request.from, to })
    try {
      const answer = await inTurn(signal, () => client.queryRange({ query, from: past, to, points: POINTS }, signal))
      return chartOf(question, request, answer, { url, mostSeries })
    } catch (error) {
      return { kind: 'missing', source: SOURCE, title, reason: messageOf(error), url }
    }
  }

  /** One query for many services: a chart for each of them. What has no data, or cannot be had, is no news here. */
  const lookAround = async (
    { signal: golden, query, limit, ownerOf, narrowed }: GoldenQuestion,
    request: EvidenceRequest,
    signal: AbortSignal,
  ): Promise<Found[]> => {
    const { past, from, to } = request
    try {
      const [answer, limits] = await Promise.all([
        inTurn(signal, () => client.queryRange({ query, from: past, to, points: POINTS }, signal)),
        limit ? inTurn(signal, () => client.queryInstant(limit, to, signal)).catch(() => []) : [],
      ])
      const owned = answer.series.flatMap((line) => {
        const owner = ownerOf(line.labels)
        return owner ? [{ line, owner }] : []
      })
      return [...Map.groupBy(owned, ({ owner }) => owner.service).values()].flatMap((group) => {
        const { line, owner } = group[0] as (typeof group)[number]
        const own = group.length === 1 ? narrowed(line.labels) : query
        const question: Question = {
          title: golden.title,
          query: own,
          unit: golden.unit,
          notes: [],
          service: owner.service,
          signal: golden.kind,
          worse: golden.worse ?? 'up',
        }
        const end = limits
          .filter(({ labels }) => ownerOf(labels)?.service === owner.service)
          .map(({ value }) => value ?? 0)
        const chart = chartOf(
          question,
          request,
          { series: group.map(({ line }) => line), notes: answer.notes },
          {
            url: client.graphUrl({ query: own, from, to }),
            mostSeries,
            // A limit of one of them does not apply to the others.
            limit: end.length > 0 && new Set(end).size === 1 ? end[0] : undefined,
          },
        )
        if (chart.kind !== 'chart') return []
        return [{ chart: owner.nearby ? { ...chart, nearby: true } : chart, metric: golden.needs[0] ?? '' }]
      })
    } catch {
      return []
    }
  }

  const around = async (request: EvidenceRequest, signal: AbortSignal): Promise<Found[]> => {
    const recognized = await recognition?.recognize(signal).catch(() => [])
    if (!recognized) return []
    const isDeclared = (labels: Labels, telling: readonly string[]) =>
      findService(catalogue, { labels }) !== undefined ||
      [...catalogue.values()].some((service) => belongingOf(labels, { id: service.id, service }, telling))
    const ask = async (range: string) => {
      const questions = goldenQuestions(request.targets, recognized, { range, isDeclared })
      return (await Promise.all(questions.map((question) => lookAround(question, request, signal)))).flat()
    }
    const found = await ask(RATE_RANGE)
    return withoutMeans(found.length > 0 ? found : await ask(SPARSE_RANGE))
  }

  const guarded: Pick<PrometheusClient, 'queryRange'> = {
    queryRange: (query, signal) =>
      signal ? inTurn(signal, () => client.queryRange(query, signal)) : turn.execute(() => client.queryRange(query)),
  }

  return {
    name: SOURCE,
    ...(names ? { clusterFacts: clusterFacts({ client: guarded, names }) } : {}),
    collect: async (request, signal) => {
      const usual = questionsFor({ ...request, earlier: [] })
      const [written, found] = await Promise.all([
        Promise.all(usual.map((question) => look(question, request, signal))),
        around(request, signal),
      ])
      const charts = withoutDoubles(written, found)
      // What an earlier collection found unusual and this one has not queried yet.
      const known = new Set(charts.flatMap((one) => ('query' in one ? [one.query] : [])))
      const left = questionsFor(request).filter(
        (question) => !known.has(question.query) && !usual.some(({ query }) => query === question.query),
      )
      return [...charts, ...(await Promise.all(left.map((question) => look(question, request, signal))))]
    },
  }
}

/** Waiting for a slot must not outlast the caller's timeout. */
const within = <T>(signal: AbortSignal, answer: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(new PrometheusError('timeout', 'Prometheus did not answer in time.'))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
