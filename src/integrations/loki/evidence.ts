import { stripVTControlCharacters } from 'node:util'
import { bulkhead } from 'cockatiel'
import { minePatterns, withEarlier, worstFirst } from '../../evidence/log-patterns.ts'
import { messageOf } from '../../incident/errors.ts'
import type {
  EvidenceRequest,
  EvidenceSource,
  EvidenceTarget,
  LogsSnapshot,
  Snapshot,
} from '../../incident/evidence.ts'
import { shorten } from '../../incident/measure.ts'
import { maskSecrets } from '../../incident/secrets.ts'
import type { LogLine, LokiClient } from './client.ts'

export type LokiEvidenceOptions = {
  client: LokiClient
  /** Lines kept per service. */
  most?: number
  /** Concurrent queries over all incidents. */
  atOnce?: number
}

const name = 'loki'
const MINUTE = 60_000
/** Failures are logged before they are noticed. */
const BEFORE_MS = 30 * MINUTE
/** Patterns logged in the hour before are not new. */
const KNOWN_MS = 60 * MINUTE
/** The beginning of a stack trace in one line is the useful part. */
const LONGEST_LINE = 400
const LINES_READ = 1_000
/** Enough to know what a service always logs. */
const LINES_KNOWN = 500
const MOST_PATTERNS = 12
/** An incident of days is not read from its beginning by a service that logged nothing until now. */
const LONGEST_MS = 6 * 60 * MINUTE
/** How many services' logs are read, the alerting ones first, and how many are shown. */
const MOST_SERVICES = 6
const MOST_SHOWN = 3
/** How loggers of all kinds write it; Go's regular expressions, in any case. */
const TELLING =
  '(?i)(error|warn|fatal|panic|exception|critical|timed out|timeout|refused|denied|out of memory|too many|slow query)'

/**
 * Log lines from Loki around the start, grouped into patterns, worst first: of the alerting services and their
 * dependencies. Secrets are masked before anything is stored.
 */
export const lokiEvidence = ({ client, most = 30, atOnce = 4 }: LokiEvidenceOptions): EvidenceSource => {
  const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)

  const read = (target: EvidenceTarget, request: EvidenceRequest, since: number, signal: AbortSignal) => {
    const query = target.service?.logs ?? `{service=${JSON.stringify(target.id)}}`
    const { to } = request
    const from = Math.min(to, Math.max(request.at - BEFORE_MS, to - LONGEST_MS, since))
    const lines = (text: string, range: { from: number; to: number }, limit: number, forward = false) =>
      turn.execute(() => client.lines({ query: text, ...range, limit, forward }, signal))
    const telling = `${query} |~ \`${TELLING}\``
    const began = request.at - BEFORE_MS
    return Promise.all([
      lines(telling, { from, to }, LINES_READ),
      // The newest lines of a flood do not show when it began.
      lines(telling, { from, to }, LINES_KNOWN, true),
      lines(query, { from, to }, LINES_KNOWN),
      lines(query, { from: began - KNOWN_MS, to: began }, LINES_KNOWN),
      lines(telling, { from: began - KNOWN_MS, to: began }, LINES_KNOWN),
    ]).then(([newest, oldest, all, ...before]) => ({
      query,
      telling,
      from,
      to,
      newest,
      oldest,
      all,
      before: before.flat(),
    }))
  }

  const look = async (target: EvidenceTarget, request: EvidenceRequest, signal: AbortSignal): Promise<Look> => {
    const title = `Logs of ${target.service?.name ?? target.id}`
    const earlier = request.earlierLogs?.find(({ source, service }) => source === name && service === target.id)
    try {
      const found = await read(target, request, earlier ? earlier.to + 1 : 0, signal)
      const lines = distinct([...found.newest, ...found.oldest, ...found.all]).map(safe)
      if (lines.length === 0 && !earlier)
        return {
          worst: -1,
          snapshot: { kind: 'missing', source: name, title, reason: 'No log lines around the beginning.' },
        }
      const known = new Set(minePatterns(found.before.map(safe)).map(({ text }) => shorten(text, LONGEST_LINE)))
      const mined = minePatterns(lines).map((one) => ({ ...one, text: shorten(one.text, LONGEST_LINE) }))
      const patterns = withEarlier(worstFirst(mined, known), earlier?.patterns)
      const worth = patterns.filter(({ level, isNew }) => level !== 'info' || isNew).slice(0, MOST_PATTERNS)
      const [worst] = patterns
      const query = found.newest.length > 0 ? found.telling : (earlier?.query ?? found.query)
      const cut = found.newest.length >= LINES_READ
      const snapshot: LogsSnapshot = {
        kind: 'logs',
        source: name,
        title,
        query,
        from: earlier?.from ?? found.from,
        to: found.to,
        service: target.id,
        lines: kept([...(earlier?.lines ?? []), ...lines], worth, most),
        patterns: worth,
        notes:
          lines.length > most
            ? [
                `${cut ? 'at least ' : ''}${lines.length} lines in ${mined.length === 1 ? 'one pattern' : `${mined.length} patterns`}`,
              ]
            : [],
      }
      return { snapshot, worst: worst ? LEVELS.indexOf(worst.level) + (worst.isNew ? 1.5 : 0) : -1 }
    } catch (error) {
      return { worst: -2, snapshot: { kind: 'missing', source: name, title, reason: messageOf(error) } }
    }
  }

  return {
    name,
    async collect(request, signal) {
      const targets = request.targets.slice(0, MOST_SERVICES)
      const looks = await Promise.all(
        targets.map(async (target) => ({ target, ...(await look(target, request, signal)) })),
      )
      const [own] = looks
      // A dependency without unusual logs is not reported; the alerting service always is.
      const speaking = looks.filter(({ worst, target }) => worst >= WARNING || (target.alerting && worst >= 0))
      const shown = speaking.toSorted((a, b) => b.worst - a.worst).slice(0, MOST_SHOWN)
      if (shown.length > 0) return shown.map(({ snapshot }) => snapshot)
      return own ? [own.snapshot] : []
    },
  }
}

type Look = { snapshot: Snapshot /** How bad its worst lines are; negative when there are none. */; worst: number }

const LEVELS = ['info', 'warning', 'error', 'fatal']
const WARNING = LEVELS.indexOf('warning')

/** The lines to keep: the first and latest of each pattern, worst patterns first, in order of time. */
const kept = (lines: readonly Written[], patterns: readonly { first: number; example: string }[], most: number) => {
  const first = patterns.flatMap(({ first, example }) => [
    ...lines.filter(({ at }) => at === first).slice(0, 1),
    ...lines.filter(({ text }) => text === example).slice(-1),
  ])
  const examples = distinct(first).slice(0, most)
  return distinct([...examples, ...lines.slice(examples.length - most)])
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => ({ at, text }))
}

type Written = Pick<LogLine, 'at' | 'text'>

const distinct = <Line extends Written>(lines: readonly Line[]): Line[] => [
  ...new Map(lines.map((line) => [`${line.at} ${line.text}`, line])).values(),
]

/** Strips terminal colours and non-printable characters, masks secrets and limits the length. */
const safe = (line: LogLine): LogLine => ({
  ...line,
  text: shorten(
    maskSecrets(
      stripVTControlCharacters(line.text)
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .toWellFormed(),
    ),
    LONGEST_LINE,
  ),
})
