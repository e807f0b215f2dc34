import { stripVTControlCharacters } from 'node:util'
import { messageOf } from '../../incident/errors.ts'
import type { EvidenceSource, EvidenceTarget, Snapshot } from '../../incident/evidence.ts'
import { shorten } from '../../incident/measure.ts'
import type { LogLine, LokiClient } from './client.ts'

export type LokiEvidenceOptions = {
  client: LokiClient
  /** Lines kept. */
  most?: number
}

const name = 'loki'
/** What went wrong is written shortly before it is noticed and shortly after. */
const BEFORE_MS = 10 * 60_000
const AFTER_MS = 5 * 60_000
/** A stack trace in one line is no use to anybody; its beginning is. */
const LONGEST_LINE = 400
/** Asked for more than is kept: most of them say the same. */
const ASKED = 200
/** How loggers of all kinds write it; Go's regular expressions, in any case. */
const TELLING = '(?i)(error|warn|fatal|panic|exception|critical|timed out|refused|out of memory)'

/** Log lines from Loki around the beginning: those that speak of trouble first, or else simply the newest. */
export const lokiEvidence = ({ client, most = 20 }: LokiEvidenceOptions): EvidenceSource => ({
  name,
  async collect(request, signal) {
    const [target] = request.targets
    if (!target) return []
    const query = queryOf(target)
    const title = `Logs of ${target.service?.name ?? target.id}`
    const from = request.at - BEFORE_MS
    const to = Math.min(request.to, request.at + AFTER_MS)
    const ask = (query: string) => client.lines({ query, from, to, limit: ASKED }, signal)
    try {
      const filtered = `${query} |~ \`${TELLING}\``
      const telling = await ask(filtered)
      const found = telling.length > 0 ? telling : await ask(query)
      if (found.length === 0)
        return [{ kind: 'missing', source: name, title, reason: 'No log lines around the beginning.' }]
      return [snapshotOf(found, { title, query: telling.length > 0 ? filtered : query, from, to, most })]
    } catch (error) {
      return [{ kind: 'missing', source: name, title, reason: messageOf(error) }]
    }
  },
})

/** The catalogue's query, or the label that most set-ups give their streams. */
const queryOf = ({ id, service }: EvidenceTarget): string => service?.logs ?? `{service=${JSON.stringify(id)}}`

type Look = { title: string; query: string; from: number; to: number; most: number }

const snapshotOf = (lines: LogLine[], { title, query, from, to, most }: Look): Snapshot => {
  const different = firstOfEachKind(lines)
  const kept = different.slice(-most)
  const notes = [
    ...(lines.length > kept.length
      ? [
          `${kept.length} of ${lines.length >= ASKED ? 'at least ' : ''}${lines.length} lines; repeated ones are shown once.`,
        ]
      : []),
  ]
  return {
    kind: 'logs',
    source: name,
    title,
    query,
    from,
    to,
    lines: kept.map(({ at, text }) => ({ at, text: shorten(printable(text), LONGEST_LINE) })),
    notes,
  }
}

/** Lines that differ in their numbers only say the same thing; the first time is when it began. */
const firstOfEachKind = (lines: LogLine[]): LogLine[] => {
  const seen = new Set<string>()
  return lines.filter(({ text }) => {
    const kind = text.replace(/[0-9a-f]{8,}|\d+/gi, '#')
    return seen.has(kind) ? false : seen.add(kind)
  })
}

/** Colours for terminals, and what else cannot be shown, taken out. */
const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .toWellFormed()
