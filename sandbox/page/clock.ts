let mark = { shown: Date.now(), real: Date.now(), pace: 1 }

/** Sets the sandbox's clock, epoch ms, and how many of its seconds pass in a real one. Until then it shows real time. */
export const setSandboxTime = (now: number, pace = 1) => {
  mark = { shown: now, real: Date.now(), pace }
}

/** What the sandbox's clock shows, epoch seconds. Stories are told on days of their own. */
export const sandboxSeconds = () => (mark.shown + (Date.now() - mark.real) * mark.pace) / 1000
