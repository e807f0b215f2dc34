/**
 * Ids in Slack's format (`C0...`, `U0...`, `F0...`: a letter and at least nine capitals or digits), unique within a
 * workspace and deterministic, so that a failing test fails with the same ids.
 */
export const idSource = () => {
  let issued = 0
  return (prefix: string): string => {
    issued += 1
    // A large step spreads the digits: ids that differ in one character are easily confused.
    const scattered = (issued * 7_368_787 + 48_611_033) % 36 ** 8
    return `${prefix}0${scattered.toString(36).toUpperCase().padStart(8, '0')}`
  }
}

/** Message timestamps (`1763700050.000100`): seconds with microseconds, strictly increasing. */
export const timestampSource = (now: () => number) => {
  let last = 0
  return (): string => {
    last = Math.max(Math.floor(now() * 1000), last + 1)
    return timestampOf(last)
  }
}

const timestampOf = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`
