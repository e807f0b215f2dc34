import type { EvidenceTarget } from '../../incident/evidence.ts'
import type { Service } from '../../incident/service.ts'

export type Labels = Readonly<Record<string, string>>

/** The label by which an instance belongs to a service. */
export type Belonging = { label: string; value: string }

/** Names that a service may have in labels, in lower case. */
export const namesOfTarget = ({ id, service }: Pick<EvidenceTarget, 'id' | 'service'>): ReadonlySet<string> =>
  new Set(
    [id, service?.name, ...(service?.aliases ?? [])]
      .filter((name) => name !== undefined)
      .flatMap((name) => [name.toLowerCase(), name.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')]),
  )

/**
 * The names that a label's value may stand for: `shop-mysql.rds.example:3306` is `shop-mysql`, `redis-exporter` is
 * `redis`,
 * `orders.shop.svc.cluster.local` is `orders`.
 */
export const namesInLabel = (value: string): string[] => {
  const whole = value.toLowerCase()
  const host = whole.replace(/^\w+:\/\//, '').replace(/[:/].*$/, '')
  // An address is a name of nothing, and neither is its first number.
  const first = /^[\d.]+$/.test(host) ? host : (host.split('.')[0] ?? host)
  const plain = (name: string) => name.replace(/[-_](exporter|metrics|headless|primary|master)$/, '')
  return [...new Set([whole, host, first, plain(host), plain(first)])]
}

/** The label by which these labels are of the service, the most telling first; undefined when they are not. */
export const belongingOf = (
  labels: Labels,
  target: Pick<EvidenceTarget, 'id' | 'service'>,
  telling: readonly string[],
): Belonging | undefined => {
  const names = namesOfTarget(target)
  for (const label of telling) {
    const value = labels[label]
    if (value && namesInLabel(value).some((name) => names.has(name))) return { label, value }
  }
  const rule = (target.service?.match ?? []).find((rule) => isWithin(rule, labels))
  const label = rule && telling.find((one) => labels[one])
  return label ? { label, value: labels[label] as string } : undefined
}

const isWithin = (rule: Service['match'][number], labels: Labels): boolean =>
  Object.keys(rule).length > 0 && Object.entries(rule).every(([label, value]) => labels[label] === value)

/** The display name of an undeclared instance. */
export const nameOfInstance = (labels: Labels, telling: readonly string[]): string => {
  const value = telling.map((label) => labels[label]).find(Boolean)
  return value === undefined ? 'unknown' : (namesInLabel(value).at(-1) ?? value)
}
