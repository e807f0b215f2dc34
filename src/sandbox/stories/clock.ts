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

type Options = {
  /** Real time, epoch ms. */
  realNow: () => number
  /** What the clock shows first, epoch ms; real time when not told. */
  startAt?: number
}

/** A clock that runs with real time until told otherwise. */
export const createStoryClock = ({ realNow, startAt = realNow() }: Options): StoryClock => {
  let mark = { shown: startAt, real: realNow(), speed: 1 }
  const now = () => Math.round(mark.shown + (realNow() - mark.real) * mark.speed)
  return {
    now,
    setSpeed: (speed) => {
      mark = { shown: now(), real: realNow(), speed }
    },
    speed: () => mark.speed,
    jumpTo: (at) => {
      if (at > now()) mark = { ...mark, shown: at, real: realNow() }
    },
  }
}
