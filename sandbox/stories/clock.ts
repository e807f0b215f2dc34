import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/**
 * The sandbox's clock, shared by Muster and every fake service, so that a story played in two minutes still takes a
 * night on the timeline. It never goes backwards; a new story continues from where the last one left it.
 */
export type StoryClock = {
  /** Epoch ms. */
  now(): number
  /** Clock seconds per real second; 0 stops the clock. */
  setSpeed(speed: number): void
  speed(): number
  /** Jumps forward to an instant, epoch ms. An earlier one is ignored. */
  jumpTo(at: number): void
}

/** The clock's reading at a real instant (both epoch ms), and its speed since then. */
type Mark = { shown: number; real: number; speed: number }

type Options = {
  /** Real time, epoch ms. */
  realNow: () => number
  /** Initial reading, epoch ms; defaults to real time. */
  startAt?: number
  /** File through which other processes read the clock: see `readStoryClock`. */
  file?: string
}

/** A clock that runs at real speed until `setSpeed` changes it. */
export const createStoryClock = ({ realNow, startAt = realNow(), file }: Options): StoryClock => {
  let mark: Mark = { shown: startAt, real: realNow(), speed: 1 }
  const now = () => shownBy(mark, realNow())
  const update = (next: Mark) => {
    mark = next
    if (file) publish(mark, file)
  }
  update(mark)
  return {
    now,
    setSpeed: (speed) => update({ shown: now(), real: realNow(), speed }),
    speed: () => mark.speed,
    jumpTo: (at) => {
      if (at > now()) update({ ...mark, shown: at, real: realNow() })
    },
  }
}

/** Reads another process's clock through its file on every call. Epoch ms. */
export const readStoryClock =
  (file: string, realNow: () => number = Date.now): (() => number) =>
  () =>
    shownBy(JSON.parse(readFileSync(file, 'utf8')) as Mark, realNow())

const shownBy = ({ shown, real, speed }: Mark, realNow: number) => Math.round(shown + (realNow - real) * speed)

/** Writes and renames, so that a reader never sees a partial file. */
const publish = (mark: Mark, file: string) => {
  writeFileSync(`${file}.next`, JSON.stringify(mark))
  renameSync(`${file}.next`, file)
}
