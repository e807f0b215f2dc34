import { bulkhead } from 'cockatiel'
import { messageOf } from '../../incident/errors.ts'
import type { EvidenceRequest, EvidenceSource, Snapshot } from '../../incident/evidence.ts'
import { beforeAndNow, byMovement } from '../../incident/series.ts'
import type { Service, ServiceQuery } from '../../incident/service.ts'
import type { PrometheusClient, RangeAnswer } from './client.ts'
import { PrometheusError } from './errors.ts'
import { namesOf } from './names.ts'
import { type Question, questionsFor } from './questions.ts'

export type PrometheusEvidenceOptions = {
  client: PrometheusClient
  /** What to look at for a service; its queries in the catalogue by default. */
  queriesOf?: (service: Service | undefined) => ServiceQuery[]
  /** Queries under way at once, over all incidents: Prometheus is needed by others too on such a night. */
  atOnce?: number
  /** Lines kept of one query, those that moved most. */
  mostSeries?: number
}

const name = 'prometheus'

/**
 * Charts from Prometheus: what the alert measures, and the service's queries from the catalogue. Each query has its
 * own time limit (the client's), and one without an answer becomes a `missing` snapshot that says why; `collect` never
 * throws.
 */
export const prometheusEvidence = ({
  client,
  queriesOf = (service) => service?.queries ?? [],
  atOnce = 4,
  mostSeries = 50,
}: PrometheusEvidenceOptions): EvidenceSource => {
  const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)

  const look = async (question: Question, request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot> => {
    const { title, query } = question
    const { from, to } = request
    const url = client.graphUrl({ query, from, to })
    try {
      const answer = await within(
        signal,
        turn.execute(() => client.queryRange({ query, from, to }, signal)),
      )
      return chartOf(question, request, answer, { url, mostSeries })
    } catch (error) {
      return { kind: 'missing', source: name, title, reason: messageOf(error), url }
    }
  }

  return {
    name,
    collect: (request, signal) =>
      Promise.all(
        questionsFor(request.alert, queriesOf(request.service)).map((question) => look(question, request, signal)),
      ),
  }
}

/** Waiting for a turn must not outlast the patience of whoever asks. */
const within = <T>(signal: AbortSignal, answer: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(new PrometheusError('timeout', 'Prometheus did not answer in time.'))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })

const chartOf = (
  { title, query, unit, threshold, notes }: Question,
  { from, to, at }: EvidenceRequest,
  answer: RangeAnswer,
  { url, mostSeries }: { url: string; mostSeries: number },
): Snapshot => {
  const names = namesOf(
    answer.series.map(({ labels }) => labels),
    title,
  )
  const found = byMovement(
    answer.series.map(({ labels, points }, i) => ({ name: names[i] ?? title, labels, points })),
    at,
  )
  const [first] = found
  if (!first) return { kind: 'missing', source: name, title, reason: noData(answer, from, to), url }
  const left = found.length - mostSeries
  const cut = left > 0 ? [`${found.length} series; the ${mostSeries} that moved most are kept.`] : []
  return {
    kind: 'chart',
    source: name,
    title,
    query,
    unit,
    from,
    to,
    at,
    ...(threshold !== undefined && { threshold }),
    series: found.slice(0, mostSeries),
    ...beforeAndNow(first, at),
    url,
    notes: [...notes, ...cut, ...answer.notes],
  }
}

const noData = ({ notes }: RangeAnswer, from: number, to: number): string => {
  const [start, end] = [from, to].map((time) => new Date(time).toISOString().slice(0, 16).replace('T', ' '))
  const sameDay = start?.slice(0, 10) === end?.slice(0, 10)
  const range = `between ${start} and ${sameDay ? end?.slice(11) : end} UTC`
  return [`No data for this query ${range}.`, ...notes].join(' ')
}
