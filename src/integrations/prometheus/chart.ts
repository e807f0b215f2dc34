import type { ChartSnapshot, EvidenceRequest, Snapshot } from '../../incident/evidence.ts'
import { byMovement } from '../../incident/series.ts'
import type { RangeAnswer } from './client.ts'
import { namesOf } from './names.ts'
import type { Question } from './questions.ts'

/** The name of this source. */
export const SOURCE = 'prometheus'

type Place = { url: string; mostSeries: number; limit?: number | undefined }

/** A chart over the whole requested range; `missing` when it has no data. */
export const chartOf = (
  { title, query, unit, threshold, notes, service, signal, worse, alerts }: Question,
  { past, to, at }: EvidenceRequest,
  answer: Pick<RangeAnswer, 'series' | 'notes'>,
  { url, mostSeries, limit }: Place,
): Snapshot => {
  const names = namesOf(
    answer.series.map(({ labels }) => labels),
    title,
  )
  const found = byMovement(
    answer.series.map(({ labels, points }, i) => ({ name: names[i] ?? title, labels, points })),
    at,
  )
  if (found.length === 0) return { kind: 'missing', source: SOURCE, title, reason: noData(answer.notes, past, to), url }
  const left = found.length - mostSeries
  const cut = left > 0 ? [`${found.length} series; the ${mostSeries} that moved most are kept.`] : []
  const chart: ChartSnapshot = {
    kind: 'chart',
    source: SOURCE,
    title,
    query,
    unit,
    from: past,
    to,
    at,
    url,
    ...(threshold !== undefined && { threshold }),
    ...(limit !== undefined && { limit }),
    ...(service !== undefined && { service }),
    ...(alerts && { alerts }),
    ...(signal && { signal }),
    ...(worse && { worse }),
    series: found.slice(0, mostSeries),
    notes: [...notes, ...cut, ...answer.notes],
  }
  return chart
}

const noData = (notes: readonly string[], from: number, to: number): string => {
  const [start, end] = [from, to].map((time) => new Date(time).toISOString().slice(0, 16).replace('T', ' '))
  const sameDay = start?.slice(0, 10) === end?.slice(0, 10)
  const range = `between ${start} and ${sameDay ? end?.slice(11) : end} UTC`
  return [`No data for this query ${range}.`, ...notes].join(' ')
}
