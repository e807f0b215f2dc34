import type { RecordedEvent } from '../incident/event.ts'
import type { ChartSnapshot, Mark, Series } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import { isAssumed, MILESTONE_NAMES } from '../incident/milestones.ts'

/** More marks than this hide the line they stand on. */
const MOST_MARKS = 10
/** Of the time before it, as long as it lasted, within these bounds: the incident itself needs the room. */
const SHORTEST_MARGIN = 20 * 60_000
const LONGEST_MARGIN = 60 * 60_000
/** Marks of the same text closer together than this are one. */
const SAME_MS = 60_000

/**
 * Combines several snapshots of one signal, oldest first, into one chart: before, during and after, even when its
 * source has dropped the data or is unavailable. Where snapshots overlap, the later one wins.
 */
export const wholeIncident = (looks: readonly ChartSnapshot[], marks: readonly Mark[]): ChartSnapshot | undefined => {
  const latest = looks.at(-1)
  if (!latest) return undefined
  const names = [...new Set(looks.toReversed().flatMap(({ series }) => series.map(({ name }) => name)))]
  const series = names.map((name): Series => {
    const lines = looks.flatMap((look) => look.series.filter((line) => line.name === name))
    return { name, labels: lines.at(-1)?.labels ?? {}, points: joined(lines.map(({ points }) => points)) }
  })
  const to = Math.max(...looks.map((look) => look.to))
  const began = Math.min(
    ...marks.filter(({ kind }) => kind === 'impact' || kind === 'alert').map((mark) => mark.at),
    to,
  )
  const margin = Math.min(LONGEST_MARGIN, Math.max(SHORTEST_MARGIN, to - began))
  // Calm that lies further back is worth the room: without it nothing on the picture is usual.
  const earliest = Math.min(...looks.map((look) => look.from))
  const { calm: usually } = looks[0] ?? {}
  const from = Math.max(earliest, usually && usually.to < began - margin ? usually.from : began - margin)
  // The baseline is the first snapshot's; the peak is the highest of all.
  const { before, calm, at } = looks[0] as ChartSnapshot
  const peak = peakOf(looks, before ?? 0)
  const isNews = peak && typeof latest.now === 'number' && peak.value !== latest.now
  const { peak: _latestPeak, ...rest } = latest
  return {
    ...rest,
    from,
    to,
    at,
    before,
    series: series.map((line) => ({ ...line, points: line.points.filter(([time]) => time >= from) })),
    ...(calm === undefined ? {} : { calm }),
    ...(isNews ? { peak } : {}),
    marks: marks.filter((mark) => mark.at >= from && mark.at <= to),
  }
}

/**
 * The highest value that any look saw, where it was first seen: looks differ in resolution, and the finest has it best.
 * The line is the one that each look put first, so that a quiet line of the same chart does not count.
 */
const peakOf = (looks: readonly ChartSnapshot[], before: number): ChartSnapshot['peak'] => {
  const known = looks.flatMap((look) => [
    ...(look.peak ? [look.peak] : []),
    ...(typeof look.now === 'number' ? [{ at: look.to, value: look.now }] : []),
  ])
  const farther = (a: { value: number }, b: { value: number }) =>
    Math.abs(b.value - before) - Math.abs(a.value - before)
  const highest = known.toSorted(farther)[0]
  if (!highest) return undefined
  const side = Math.sign(highest.value - before)
  const measured = looks
    .flatMap(({ series }) => series[0]?.points ?? [])
    .flatMap(([at, value]) => (value !== null && Math.sign(value - before) === side ? [{ at, value }] : []))
  return [...measured, highest].toSorted((a, b) => farther(a, b) || a.at - b.at)[0]
}

/**
 * The points of several looks, in time order. A later look replaces an earlier one, except where it has a hole: what was
 * measured once stays, also when the source has lost it since.
 */
const joined = (looks: readonly Series['points'][]): Series['points'] =>
  looks.reduce((known, points) => {
    const measured = points.filter(([, value]) => value !== null)
    const [first, last] = [measured[0]?.[0], measured.at(-1)?.[0]]
    if (first === undefined || last === undefined) return known
    const filled = holesIn(measured).filter((hole) => known.some(([time, value]) => value !== null && isIn(hole, time)))
    const isFilled = (time: number) => filled.some((hole) => isIn(hole, time))
    return [
      ...known.filter(([time]) => time < first || time > last || isFilled(time)),
      ...points.filter(([time]) => time >= first && time <= last && !isFilled(time)),
    ].sort(([a], [b]) => a - b)
  }, [])

type Hole = { after: number; before: number }

const isIn = ({ after, before }: Hole, time: number): boolean => time > after && time < before

/** Where neighbours lie further apart than twice the usual step. */
const holesIn = (measured: Series['points']): Hole[] => {
  const gaps = measured.slice(1).map(([before], i): Hole => ({ after: measured[i]?.[0] ?? before, before }))
  const lengths = gaps.map(({ after, before }) => before - after).sort((a, b) => a - b)
  const step = lengths[lengths.length >> 1] ?? 0
  return gaps.filter(({ after, before }) => before - after > 2 * step)
}

/** What happened when, to be marked on a chart: impact, alerts, changes, status changes. In time order. */
export const marksOf = (incident: Incident, events: readonly RecordedEvent[]): Mark[] => {
  const { milestones } = incident
  const marks: Mark[] = []
  const add = (kind: Mark['kind'], at: number | undefined, text: string) => {
    if (at !== undefined) marks.push({ kind, at, text })
  }
  const began = milestones.impact_started
  // Where only the first alert is known, its own mark says all there is to say.
  if (began && !isAssumed(began)) add('impact', began.at, began.estimate ? 'impact began (estimate)' : 'impact began')
  let alerts = 0
  for (const event of events) {
    const alert = event.type === 'declared' || event.type === 'alert_joined' ? event.alert : undefined
    if (alert && !('page' in event && event.page))
      add('alert', alert.startsAt, alerts++ === 0 ? 'alert' : 'alert joined')
    if (event.type === 'change_seen' && event.relation) add('change', event.change.at, event.change.kind)
    if (event.type === 'status_changed' && STATUS_MARKS.has(event.status)) add('status', event.at, event.status)
  }
  add('status', milestones.mitigated?.at, MILESTONE_NAMES.mitigated.toLowerCase())
  add('status', milestones.resolved?.at, MILESTONE_NAMES.resolved.toLowerCase())
  const kept: Mark[] = []
  for (const mark of marks.toSorted((a, b) => rankOf(a) - rankOf(b) || a.at - b.at))
    if (!kept.some(({ text, at }) => text === mark.text && Math.abs(at - mark.at) < SAME_MS)) kept.push(mark)
  return kept.slice(0, MOST_MARKS).sort((a, b) => a.at - b.at)
}

const STATUS_MARKS = new Set(['identified', 'mitigated', 'resolved', 'investigating'])

/** The ends matter more than the alerts that joined in between. */
const rankOf = ({ kind, text }: Mark): number =>
  kind === 'impact' || text === 'alert' ? 0 : kind === 'status' ? 1 : kind === 'change' ? 2 : 3
