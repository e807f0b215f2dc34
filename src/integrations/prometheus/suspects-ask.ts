import { bulkhead } from 'cockatiel'
import { messageOf } from '../../incident/errors.ts'
import type { Timed } from '../../suspects/input.ts'
import type { Instant } from './answer.ts'
import type { PrometheusClient } from './client.ts'
import { PrometheusError } from './errors.ts'

/** One series of a range result on the grid of the whole collection. */
export type MeasuredLine = { labels: Record<string, string>; line: Timed }

/** A clock and a step for everything that one look asks. */
export type LookGrid = { from: number; to: number; stepSeconds: number }

/** The queries of one collection: none throws, every failure is kept as a sentence. */
export type Look = {
  /** Undefined when there was no answer. */
  instant(query: string, at: number): Promise<Instant[] | undefined>
  range(query: string, grid: LookGrid): Promise<MeasuredLine[] | undefined>
  /** How many questions there were, and how many of them got an answer. */
  counts(): { queried: number; answered: number }
  /** Why some got none: one sentence each, in the order they came. */
  problems(): string[]
}

/** Many services' calls come in one answer. */
export const MOST_SERIES = 10_000
/** Questions under way at once, over all incidents: others need Prometheus too on such a night. */
const AT_ONCE = 8

/** Creates collections that share one concurrency limit. */
export const createLooks = (client: PrometheusClient) => {
  const turn = bulkhead(AT_ONCE, Number.POSITIVE_INFINITY)

  return (signal: AbortSignal): Look => {
    let queried = 0
    let answered = 0
    const problems = new Set<string>()
    /** Set when the next query would fail as well: a Prometheus that is down is queried once. */
    let hopeless = false

    const attempt = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
      queried++
      try {
        const answer = await turn.execute(async () => {
          if (hopeless || signal.aborted) throw new PrometheusError('timeout', 'Prometheus did not answer in time.')
          return ask()
        })
        answered++
        return answer
      } catch (error) {
        if (error instanceof PrometheusError && ['unreachable', 'credentials', 'unreadable'].includes(error.kind))
          hopeless = true
        problems.add(messageOf(error))
        return undefined
      }
    }

    return {
      instant: (query, at) =>
        attempt(async () => {
          const answer = await client.queryInstant(query, at, signal)
          if (answer.length >= MOST_SERIES)
            problems.add(`More than ${MOST_SERIES.toLocaleString('en')} series in one response; the rest was not read.`)
          return answer
        }),
      range: (query, { from, to, stepSeconds }) =>
        attempt(async () => {
          const points = (to - from) / (stepSeconds * 1000)
          const { series, notes } = await client.queryRange({ query, from, to, points }, signal)
          for (const note of notes) problems.add(note)
          return series.map(({ labels, points: [...samples] }) => ({
            labels,
            line: { start: samples[0]?.[0] ?? from, stepSeconds, values: samples.map(([, value]) => value) },
          }))
        }),
      counts: () => ({ queried, answered }),
      problems: () => [...problems],
    }
  }
}
