/** Ids in PagerDuty's format. They include the start time, so that another run does not repeat them. */
export const idSource = (startedAt: number) => {
  const run = startedAt.toString(36).toUpperCase().slice(-6)
  const counts: Record<string, number> = {}
  /** `Q0` + 12 characters for incidents, `R...` for log entries, and so on. */
  return (prefix: string, length = 14): string => {
    counts[prefix] = (counts[prefix] ?? 0) + 1
    const count = counts[prefix].toString(36).toUpperCase()
    return `${prefix}${run}${count.padStart(length - prefix.length - run.length, '0')}`
  }
}

export type NewId = ReturnType<typeof idSource>
