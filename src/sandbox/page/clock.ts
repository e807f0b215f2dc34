let ahead = 0

/** Sets the sandbox's clock, epoch ms; until then it shows real time. */
export const setSandboxTime = (now: number) => {
  ahead = now - Date.now()
}

/** What the sandbox's clock shows, epoch seconds. Stories are told on days of their own. */
export const sandboxSeconds = () => (Date.now() + ahead) / 1000
