let mark = { shown: Date.now(), real: Date.now(), pace: 1 }

/** Sets the sandbox clock (epoch ms) and its speed. Until then the clock shows real time. */
export const setSandboxTime = (now: number, pace = 1) => {
  mark = { shown: now, real: Date.now(), pace }
}

/** The sandbox clock, epoch seconds. Stories run on dates of their own. */
export const sandboxSeconds = () => (mark.shown + (Date.now() - mark.real) * mark.pace) / 1000
