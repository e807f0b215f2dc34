import type { LogLine } from '../stories/world.ts'

/** A log line. */
export type WrittenLine = { at: number; labels: Record<string, string>; text: string }

const defaultEveryMs = 5_000

/** The lines of a story between two instants, both included, in time order. All times epoch ms. */
export const linesBetween = (
  logs: readonly LogLine[],
  anchor: number,
  { from, to }: { from: number; to: number },
): WrittenLine[] =>
  logs
    .flatMap((line) =>
      repeated(line, { from: from - anchor, to: to - anchor }).map((storyMs) => written(line, anchor + storyMs)),
    )
    .sort((a, b) => a.at - b.at)

const written = ({ service, level, text }: LogLine, at: number): WrittenLine => ({
  at,
  labels: { app: service, service, level },
  text: `level=${level} ${text}`,
})

/** The story times within a window at which a line is written. */
const repeated = ({ atMs, untilMs, everyMs = defaultEveryMs }: LogLine, { from, to }: { from: number; to: number }) => {
  if (untilMs === undefined) return atMs >= from && atMs <= to ? [atMs] : []
  const times: number[] = []
  const first = Math.max(0, Math.ceil((from - atMs) / everyMs))
  for (let time = atMs + first * everyMs; time <= Math.min(to, untilMs); time += everyMs) times.push(time)
  return times
}
