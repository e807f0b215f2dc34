/** A label set. The metric's name is the label `__name__`. */
export type Labels = Readonly<Record<string, string>>

/** One matcher of a selector: `code=~"5.."`. */
export type Matcher = { label: string; op: '=' | '!=' | '=~' | '!~'; value: string; test: (value: string) => boolean }

/** Regular expressions are anchored at both ends, as in Prometheus; a missing label is the empty string. */
export const matcher = (label: string, op: Matcher['op'], value: string): Matcher => {
  if (op === '=') return { label, op, value, test: (actual) => actual === value }
  if (op === '!=') return { label, op, value, test: (actual) => actual !== value }
  const pattern = new RegExp(`^(?:${value})$`, 's')
  const wanted = op === '=~'
  return { label, op, value, test: (actual) => pattern.test(actual) === wanted }
}

export const matchesAll = (labels: Labels, matchers: readonly Matcher[]) =>
  matchers.every(({ label, test }) => test(labels[label] ?? ''))

/** Series keep their labels from one instant to the next, so what is made of them is worked out once. */
export const once = <Made>(make: (labels: Labels) => Made): ((labels: Labels) => Made) => {
  const made = new WeakMap<Labels, { value: Made }>()
  return (labels) => {
    const known = made.get(labels) ?? { value: make(labels) }
    made.set(labels, known)
    return known.value
  }
}

/** A key for a label set, independent of order. */
export const keyOf = once((labels) =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(','),
)

export const pick = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.filter((name) => labels[name]).map((name) => [name, labels[name] as string]))

export const omit = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)))

/** Prometheus: computed values lose the metric name. */
export const withoutName = once((labels) => omit(labels, ['__name__']))

/** Identifies a histogram. */
export const withoutBucket = once((labels) => omit(labels, ['__name__', 'le']))
