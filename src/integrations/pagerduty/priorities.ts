/** How our severities map to the account's priorities. */
export type PriorityOptions = {
  /** Severity ids, worst first. */
  severities: readonly string[]
  /** `pagerduty.priorities` of muster.yaml: severity id to the priority's name. */
  named: Readonly<Record<string, string>>
}

/** The account's own names, the most important first. */
type Known = readonly { name: string }[]

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** The priority for a severity: the one named in the settings, else the one with the same rank. Undefined when there is none. */
export const priorityOf = (
  severity: string,
  known: Known,
  { severities, named }: PriorityOptions,
): string | undefined => {
  const wanted = named[severity]
  if (wanted !== undefined) return known.find(({ name }) => same(name, wanted))?.name
  return known[severities.indexOf(severity)]?.name
}

/** The severity a priority maps to, the present one where several do; undefined when none does. */
export const severityOfPriority = (
  priority: string,
  current: string,
  known: Known,
  options: PriorityOptions,
): string | undefined => {
  const fitting = options.severities.filter((severity) => {
    const name = priorityOf(severity, known, options)
    return name !== undefined && same(name, priority)
  })
  return fitting.includes(current) ? current : fitting[0]
}
