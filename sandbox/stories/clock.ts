import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/**
 * The sandbox's clock. Everybody in the sandbox reads the same one, so that a night that is told in two minutes is still
 * a night on the timeline. It never goes back: it runs on from where the last story left it.
 */
export type StoryClock = {
  /** Epoch ms. */
  now(): number
  /** How many seconds pass in one real second; 0 stops the clock. */
  setSpeed(speed: number): void
  speed(): number
  /** Goes forward to an instant at once; an earlier one changes nothing. */
  jumpTo(at: number): void
}

/** What the clock showed at a real instant (both epoch ms), and how it has run since. */
type Mark = { shown: number; real: number; speed: number }

type Options = {
  /** Real time, epoch ms. */
  realNow: () => number
  /** What the clock shows first, epoch ms; real time when not told. */
  startAt?: number
  /** Where other processes read the clock: `readStoryClock`. */
  file?: string
}

/** A clock that runs with real time until told otherwise. */
export const createStoryClock = ({ realNow, startAt = realNow(), file }: Options): StoryClock => {
  let mark: Mark = { shown: startAt, real: realNow(), speed: 1 }
  const now = () => shownBy(mark, realNow())
  const turn = (next: Mark) => {
    mark = next
    if (file) publish(mark, file)
  }
  turn(mark)
  return {
    now,
    setSpeed: (speed) => turn({ shown: now(), real: realNow(), speed }),
    speed: () => mark.speed,
    jumpTo: (at) => {
      if (at > now()) turn({ ...mark, shown: at, real: realNow() })
    },
  }
}

/** Reads the clock of another process on this machine; what was set there shows here at once. Epoch ms. */
export const readStoryClock =
  (file: string, realNow: () => number = Date.now): (() => number) =>
  () =>
    shownBy(JSON.parse(readFileSync(file, 'utf8')) as Mark, realNow())

const shownBy = ({ shown, real, speed }: Mark, realNow: number) => Math.round(shown + (realNow - real) * speed)

/** In one step, so that nobody reads half of it. */
const publish = (mark: Mark, file: string) => {
  writeFileSync(`${file}.next`, JSON.stringify(mark))
  renameSync(`${file}.next`, file)
}
