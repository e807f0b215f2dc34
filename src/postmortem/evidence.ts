import type { ChartSnapshot, LogsSnapshot, Snapshot } from '../incident/evidence.ts'
import { patternLines } from '../incident/log-words.ts'
import { capital, shorten } from '../incident/measure.ts'
import { person, plain } from '../incident/phrase.ts'
import { formatValue } from '../incident/unit.ts'
import type { Clock } from './clock.ts'
import type { Look } from './facts.ts'
import { type Reading, readingOf, type Sample, samplesOf } from './readings.ts'
import { isTraffic } from './signal-kind.ts'
import { Verbatim, webAddress } from './text.ts'

/** A picture beside the document. */
export type ChartRef = {
  /** Where it lies relative to the document: `charts/<hash>.png`. */
  file: string
  hash: string
  /** The numbers in words, for those who cannot see it. */
  alt: string
}

/** Everything collected for one query, from the first collection to the last. */
export type EvidenceItem = {
  title: string
  source: string
  query: string | null
  /** Where to look further; http(s) only. */
  url: string | null
  kind: 'chart' | 'logs' | 'image' | 'call_graph' | 'missing'
  /** With unit, `997 ms`: what it usually was; null when no calm time was seen before the alert. */
  usual: string | null
  /** The value farthest from that, and when: `4.39 min`, `03:08 UTC`. */
  worst: string | null
  worst_at: string | null
  /** The last value seen, and when. */
  last: string | null
  last_at: string | null
  /** It left its usual range. */
  moved: boolean
  charts: ChartRef[]
  /** What was logged: patterns of lines, worst first, or the first lines. */
  logs: Verbatim | null
  /** Why nothing was seen, when nothing was. */
  missing: string | null
}

/** The item, with what its series say. */
export type Signal = EvidenceItem & {
  unit: string
  reading: Reading | undefined
  /** The kind of signal, and its service, where its source says so. */
  signal: ChartSnapshot['signal']
  service: string | undefined
  /** The most lines that any of its charts has. */
  lines: number
  /** A graph over a range that somebody chose. */
  chosen?: boolean
  /** It was frozen, and nothing of it is kept any more. */
  gone: boolean
}

const MOST_ITEMS = 40
/** A signal collected more often than this is read from its first and its latest snapshots. */
const MOST_LOOKS = 8
const MOST_CHARTS = 8
/** Of those, pictures that are no charts of ours. */
const MOST_FROZEN = 3
const MOST_LOG_LINES = 12
const LONGEST_LOG_LINE = 300

/** What pictures a frozen image may be; anything else could carry a program. */
const PICTURES: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}

/** The file a snapshot's picture is kept in; undefined when it has none. */
export const pictureFile = (hash: string, snapshot: Snapshot): string | undefined => {
  if (!/^[\w-]{1,128}$/.test(hash)) return undefined
  if (snapshot.kind === 'chart' || snapshot.kind === 'call_graph') return `charts/${hash}.png`
  const extension = snapshot.kind === 'image' ? PICTURES[snapshot.mediaType] : undefined
  return extension && `charts/${hash}.${extension}`
}

type Context = {
  clock: Clock
  readSnapshot: (hash: string) => Promise<Snapshot | undefined>
  /** When the first alert fired, or the incident was declared; epoch ms. */
  alertAt: number
  /** The incident has ended. */
  over: boolean
}

/** Snapshots grouped by signal; what left its usual range first, farthest first, then in the order collected. */
export const evidenceOf = async (
  looks: readonly Look[],
  context: Context,
): Promise<{ items: Signal[]; leftOut: number }> => {
  const groups = new Map<string, Look[]>()
  for (const look of looks) {
    const { kind, source, title, query = '' } = look.snapshot
    // Logs are queried differently when the first query finds nothing.
    const key = JSON.stringify([source, title, kind === 'logs' ? '' : query])
    groups.set(key, [...(groups.get(key) ?? []), look])
  }
  const items: Signal[] = []
  for (const group of [...groups.values()].slice(0, MOST_ITEMS)) items.push(await itemOf(group, context))
  items.sort((a, b) => Number(b.moved) - Number(a.moved))
  return { items: withFewCharts(items), leftOut: groups.size - items.length }
}

/**
 * Pictures only of what moved; when nothing did, of the first signal, so that this can be seen. A picture that came with
 * an alert or was frozen by somebody has its place: nobody can draw it again.
 */
const withFewCharts = (items: Signal[]): Signal[] => {
  const frozen = items.filter(({ kind, chosen }) => kind === 'image' || chosen).slice(0, MOST_FROZEN)
  const drawn = [...frozen, ...items.filter(({ moved, chosen }) => moved && !chosen)]
  const shown = new Set((drawn.length > 0 ? drawn : items.slice(0, 1)).slice(0, MOST_CHARTS))
  return items.map((item) => (shown.has(item) ? item : { ...item, charts: [] }))
}

const itemOf = async (group: Look[], { clock, readSnapshot, alertAt, over }: Context): Promise<Signal> => {
  const seen = group.filter(({ snapshot }) => snapshot.kind !== 'missing')
  const { snapshot } = seen[0] ?? (group[0] as Look)
  const kept = seen.length <= MOST_LOOKS ? seen : [...seen.slice(0, 1), ...seen.slice(1 - MOST_LOOKS)]
  const looks: { look: Look; body: Snapshot }[] = []
  for (const look of kept) {
    const body = await readSnapshot(look.snapshot.hash)
    if (body) looks.push({ look, body })
  }
  const charts = looks.flatMap(({ body }) => (body.kind === 'chart' && !body.chosen ? [body] : []))
  const unit = snapshot.unit ?? ''
  const named = { title: snapshot.title, query: snapshot.query ?? null, unit, signal: charts.at(-1)?.signal }
  // Traffic that recovers is not the baseline for what preceded it.
  const reading = readingOf(charts.length > 0 ? samplesOf(charts, alertAt) : samplesInLog(seen, alertAt), {
    alertAt,
    over: over && !isTraffic(named),
    threshold: charts.findLast((chart) => chart.threshold !== undefined)?.threshold ?? null,
    calm: charts.findLast((chart) => chart.calm !== undefined)?.calm,
    worse: charts.at(-1)?.worse,
  })
  const value = (number: number | null | undefined) => (typeof number === 'number' ? formatValue(number, unit) : null)
  const item: Signal = {
    title: snapshot.title,
    source: capital(plain([person(snapshot.source)])),
    query: snapshot.query ?? null,
    url: webAddress((seen.at(-1)?.snapshot ?? snapshot).url) ?? null,
    kind: snapshot.kind,
    usual: value(reading?.usual),
    worst: reading?.moved ? value(reading.worst.value) : null,
    worst_at: reading?.moved ? clock.say(reading.worst.at) : null,
    last: value(reading?.last.value ?? seen.at(-1)?.snapshot.now),
    last_at: reading ? clock.say(reading.last.at) : null,
    moved: reading?.moved ?? false,
    charts: [],
    logs: null,
    missing: seen.length === 0 ? (snapshot.reason ?? 'the source did not answer') : null,
    unit,
    reading,
    signal: charts.at(-1)?.signal,
    service: charts.at(-1)?.service,
    chosen: looks.some(({ body }) => body.kind === 'chart' && body.chosen === true),
    gone: seen.length > 0 && looks.length === 0,
    lines: Math.max(0, ...charts.map(({ series }) => series.length)),
  }
  item.charts = pictureOf(looks, inWords(item))
  item.logs = looks.reduce<Verbatim | null>(
    (logs, { body }) => (body.kind === 'logs' ? (linesOf(body, clock) ?? logs) : logs),
    null,
  )
  return item
}

/** What the log itself keeps of a snapshot, for when the frozen series have been deleted. */
const samplesInLog = (looks: Look[], alertAt: number): Sample[] => {
  const before = looks[0]?.snapshot.before
  return [
    ...(typeof before === 'number' ? [{ at: alertAt - 1, value: before }] : []),
    ...looks.flatMap(({ at, snapshot: { now } }) => (typeof now === 'number' ? [{ at, value: now }] : [])),
  ]
}

/** Drawn over the whole incident, with marks for impact, alerts, changes and status changes. */
const isMarked = (body: Snapshot): boolean => body.kind === 'chart' && (body.marks?.length ?? 0) > 0

/**
 * The snapshot that covers most of the incident: one with the incident's marks, of those the one over the longest time that
 * has values, and of equals the latest.
 */
const pictureOf = (looks: { look: Look; body: Snapshot }[], alt: string): ChartRef[] => {
  const best = looks
    .filter(({ look, body }) => pictureFile(look.snapshot.hash, body) !== undefined)
    .toSorted((a, b) => Number(isMarked(a.body)) - Number(isMarked(b.body)) || shownMs(a.body) - shownMs(b.body))
    .at(-1)
  const file = best && pictureFile(best.look.snapshot.hash, best.body)
  return best && file ? [{ file, hash: best.look.snapshot.hash, alt }] : []
}

/** From the first to the last value, in ms. */
const shownMs = (body: Snapshot): number => (body.kind === 'chart' ? lengthOf(body) : 0)

const lengthOf = ({ series }: ChartSnapshot): number => {
  const times = series.flatMap(({ points }) => points.flatMap(([time, value]) => (value === null ? [] : [time])))
  if (times.length === 0) return 0
  return times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b))
}

/** `P90 latency: usually 997 ms, worst 4.39 min at 03:08 UTC, 999 ms at 03:30 UTC`. */
export const inWords = (signal: Signal): string => {
  const { title, usual, worst, worst_at, last, last_at, reading, unit } = signal
  // Nobody saw it get better.
  const stands = worst !== null && worst === last && worst_at === last_at
  const extreme = isTraffic(signal) ? (isAbove(signal) ? 'highest' : 'lowest') : 'worst'
  const parts = [
    ...(reading?.moved && usual === null
      ? [`already ${formatValue(reading.first.value, unit)} where its data begin`]
      : []),
    ...(usual === null ? [] : [`usually ${usual}`]),
    ...(worst === null ? [] : [`${extreme} ${worst} at ${worst_at}${stands ? ', when it was last seen' : ''}`]),
    ...(last === null || stands ? [] : [`${last} at ${last_at ?? 'the last look'}`]),
  ]
  return parts.length > 0 ? `${title}: ${parts.join(', ')}` : title
}

const isAbove = ({ reading }: Signal): boolean => (reading?.worst.value ?? 0) >= (reading?.usual ?? 0)

/** The notable lines of a log, if it has any; the first lines of one that was frozen before lines were grouped. */
const linesOf = (logs: LogsSnapshot, clock: Clock): Verbatim | null => {
  const patterns = patternLines(logs, clock.time)
  if (patterns === undefined) return firstLines(logs, clock)
  return patterns.length > 0 ? new Verbatim(patterns) : null
}

const firstLines = ({ lines }: LogsSnapshot, clock: Clock): Verbatim | null =>
  lines.length === 0
    ? null
    : new Verbatim([
        ...lines.slice(0, MOST_LOG_LINES).map(({ at, text }) => `${clock.time(at)} ${shorten(text, LONGEST_LOG_LINE)}`),
        ...(lines.length > MOST_LOG_LINES ? [`(and ${lines.length - MOST_LOG_LINES} more lines)`] : []),
      ])
