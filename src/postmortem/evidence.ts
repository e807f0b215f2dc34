import type { ChartSnapshot, Snapshot } from '../incident/evidence.ts'
import { capital } from '../incident/measure.ts'
import { person, plain } from '../incident/phrase.ts'
import { formatValue } from '../incident/unit.ts'
import type { Clock } from './clock.ts'
import type { Look } from './facts.ts'
import { Verbatim, webAddress } from './text.ts'

/** A picture beside the document. */
export type ChartRef = {
  /** Where it lies relative to the document: `charts/<hash>.png`. */
  file: string
  hash: string
  /** The numbers in words, for those who cannot see it. */
  alt: string
}

/** Everything seen of one question to the outside, from the first look to the last. */
export type EvidenceItem = {
  title: string
  source: string
  query: string | null
  /** Where to look further; http(s) only. */
  url: string | null
  /** With unit, `9.28 s`: before the alert, at the first look, and at the end of the incident. */
  before: string | null
  during: string | null
  after: string | null
  /** The first look was far from the value before: this is what the incident did. */
  moved: boolean
  /** The last one, and before it the first where it shows what the last does not. */
  charts: ChartRef[]
  /** The first log lines of the last look that found any. */
  logs: Verbatim | null
  /** Why nothing was seen, when nothing was. */
  missing: string | null
}

const MOST_ITEMS = 40
const MOST_CHARTS = 12
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
  if (snapshot.kind === 'chart') return `charts/${hash}.png`
  const extension = snapshot.kind === 'image' ? PICTURES[snapshot.mediaType] : undefined
  return extension && `charts/${hash}.${extension}`
}

/** The looks at one thing together, in the order they were first made. */
export const evidenceOf = async (
  looks: readonly Look[],
  clock: Clock,
  readSnapshot: (hash: string) => Promise<Snapshot | undefined>,
): Promise<{ items: EvidenceItem[]; leftOut: number }> => {
  const groups = new Map<string, Look[]>()
  for (const look of looks) {
    const { kind, source, title, query = '' } = look.snapshot
    // Logs are asked for in other words when the first ones find nothing.
    const key = JSON.stringify([source, title, kind === 'logs' ? '' : query])
    groups.set(key, [...(groups.get(key) ?? []), look])
  }
  const items: EvidenceItem[] = []
  let room = MOST_CHARTS
  for (const group of [...groups.values()].slice(0, MOST_ITEMS)) {
    const item = await itemOf(group, clock, readSnapshot, room)
    room -= item.charts.length
    items.push(item)
  }
  return { items, leftOut: groups.size - items.length }
}

const itemOf = async (
  group: Look[],
  clock: Clock,
  readSnapshot: (hash: string) => Promise<Snapshot | undefined>,
  room: number,
): Promise<EvidenceItem> => {
  const seen = group.filter(({ snapshot }) => snapshot.kind !== 'missing')
  const first = seen[0] ?? (group[0] as Look)
  const last = seen.findLast(({ phase }) => phase === 'closing')
  const { snapshot } = first
  const value = (number: number | null | undefined) =>
    typeof number === 'number' ? formatValue(number, snapshot.unit ?? '') : null

  const charts: ChartRef[] = []
  let logs: Verbatim | null = null
  const read = async (look: Look) => ({ look, body: await readSnapshot(look.snapshot.hash) })
  const bodies = await Promise.all([...new Set([first, last ?? first])].map(read))
  const latest = bodies.at(-1)?.body
  for (const { look, body } of bodies) {
    if (body?.kind === 'logs') logs = firstLines(body, clock) ?? logs
    const file = body && charts.length < room ? pictureFile(look.snapshot.hash, body) : undefined
    if (!file || (body !== latest && isWithin(body, latest))) continue
    charts.push({ file, hash: look.snapshot.hash, alt: inWords(look, clock) })
  }
  return {
    title: snapshot.title,
    source: capital(plain([person(snapshot.source)])),
    query: snapshot.query ?? null,
    url: webAddress(snapshot.url) ?? null,
    before: value(snapshot.before),
    during: value(snapshot.now),
    after: last && last !== first ? value(last.snapshot.now) : null,
    moved: hasMoved(snapshot.before, snapshot.now),
    charts,
    logs,
    missing: seen.length === 0 ? (snapshot.reason ?? 'the source did not answer') : null,
  }
}

/** Does the later chart show all that the earlier one does? Not when the data of the night are gone by then. */
const isWithin = (earlier: Snapshot | undefined, later: Snapshot | undefined): boolean => {
  if (earlier?.kind !== 'chart' || later?.kind !== 'chart') return false
  const [old, young] = [spanOf(earlier), spanOf(later)]
  const grid = (later.to - later.from) / SAME_SPAN
  return young.from <= old.from + grid && young.to >= old.to - grid
}

/** A longer range is asked for in wider steps, so that its first value may be a step later. */
const SAME_SPAN = 40

/** From the first to the last value. */
const spanOf = ({ series }: ChartSnapshot): { from: number; to: number } => {
  const times = series.flatMap(({ points }) => points.flatMap(([time, value]) => (value === null ? [] : [time])))
  return {
    from: times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY),
    to: times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY),
  }
}

/** A quarter of the larger value: less is the noise of an ordinary day. */
const MOVED_FROM = 0.25

const hasMoved = (before: number | null | undefined, now: number | null | undefined): boolean =>
  typeof before === 'number' &&
  typeof now === 'number' &&
  Math.abs(now - before) > MOVED_FROM * Math.max(Math.abs(before), Math.abs(now))

const inWords = ({ phase, at, snapshot }: Look, clock: Clock): string => {
  const when = `${phase === 'closing' ? 'at the end, ' : ''}${clock.say(at)}`
  const { before, now, unit = '' } = snapshot
  const numbers = [
    ...(typeof before === 'number' ? [`${formatValue(before, unit)} before`] : []),
    ...(typeof now === 'number' ? [`${formatValue(now, unit)} then`] : []),
  ]
  return `${snapshot.title}, ${when}${numbers.length > 0 ? `: ${numbers.join(', ')}` : ''}`
}

const firstLines = ({ lines }: Extract<Snapshot, { kind: 'logs' }>, clock: Clock): Verbatim | null =>
  lines.length === 0
    ? null
    : new Verbatim([
        ...lines.slice(0, MOST_LOG_LINES).map(({ at, text }) => `${clock.time(at)} ${text.slice(0, LONGEST_LOG_LINE)}`),
        ...(lines.length > MOST_LOG_LINES ? [`(and ${lines.length - MOST_LOG_LINES} more lines)`] : []),
      ])
