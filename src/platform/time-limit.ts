/** Resolves like `work`, or with `late` after `ms`. The work then continues; its later failure is ignored. */
export const within = async <Value, Late>(ms: number, work: Promise<Value>, late: Late): Promise<Value | Late> => {
  work.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, ms, late)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
