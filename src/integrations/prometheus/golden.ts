import type { EvidenceTarget } from '../../incident/evidence.ts'
import { type Belonging, belongingOf, type Labels, nameOfInstance } from './belonging.ts'
import type { Family, FamilySignal, Scope } from './families/family.ts'
import type { Recognized } from './recognition.ts'

/** Whose a line of an answer is. */
export type Owner = {
  service: string
  /** Nobody wrote down whose it is: shown only when it moved far. */
  nearby: boolean
}

/** One query for a signal of several services at once. */
export type GoldenQuestion = {
  family: Family
  signal: FamilySignal
  query: string
  /** Asked at the end of the range: where the resource ends. */
  limit?: string
  /** Whose a line with these labels is; undefined when it is none of ours. */
  ownerOf(labels: Labels): Owner | undefined
  /** The same query for the service of these labels alone: what a person opens, and what is queried again. */
  narrowed(labels: Labels): string
}

/** Undeclared stores are examined up to this number; beyond it they belong to somebody else. */
const MOST_NEARBY = 50

/**
 * The automatic queries for the services in reach: the golden signals of every family that covers one of them, and of
 * undeclared stores.
 * @param isDeclared whether labels belong to a service of the catalogue, in reach or not
 */
export const goldenQuestions = (
  targets: readonly EvidenceTarget[],
  recognized: readonly Recognized[],
  { range, isDeclared }: { range: string; isDeclared(labels: Labels, telling: readonly string[]): boolean },
): GoldenQuestion[] => {
  // A service whose requests the catalogue knows to query, or an earlier family counts, needs no second opinion.
  const counted = new Set(targets.filter(({ service }) => service?.queries.length).map(({ id }) => id))
  return recognized.flatMap(({ family, signals, instances }) => {
    if (family.kind === 'store') return storeQuestions(family, signals, instances, { targets, range, isDeclared })
    const wanted = family.kind === 'requests' ? targets.filter(({ id }) => !counted.has(id)) : targets
    const found = wanted.flatMap((target) =>
      instances.flatMap((labels) => {
        const belonging = belongingOf(labels, target, family.labels)
        const elsewhere = target.namespace && labels.namespace && labels.namespace !== target.namespace
        return belonging && !elsewhere ? [{ target, ...belonging }] : []
      }),
    )
    if (family.kind === 'requests') for (const { target } of found) counted.add(target.id)
    return [...Map.groupBy(found, ({ label }) => label)].flatMap(([label, members]) =>
      signals.map((signal) => serviceQuestion(family, signal, label, members, range)),
    )
  })
}

/** Series of some services, by the one label that names them. */
const serviceQuestion = (
  family: Family,
  signal: FamilySignal,
  label: string,
  members: readonly (Belonging & { target: EvidenceTarget })[],
  range: string,
): GoldenQuestion => {
  const owners = new Map(members.map(({ value, target }) => [value, target.id]))
  const namespaces = new Set(members.map(({ target }) => target.namespace))
  // One namespace for all becomes a matcher; several services in several namespaces are distinguished by the label.
  const [namespace] = namespaces.size === 1 ? namespaces : []
  const at = (values: readonly string[]): Scope =>
    scope(
      family,
      range,
      [label, 'namespace'],
      [oneOf(label, values), ...(namespace ? [oneOf('namespace', [namespace])] : [])],
    )
  const all = at([...owners.keys()])
  return {
    family,
    signal,
    query: signal.query(all),
    ...(signal.limit ? { limit: signal.limit.query(all) } : {}),
    ownerOf: (labels) => {
      const service = owners.get(labels[label] ?? '')
      return service === undefined ? undefined : { service, nearby: false }
    },
    narrowed: (labels) => signal.query(at([labels[label] ?? ''])),
  }
}

type Stores = {
  targets: readonly EvidenceTarget[]
  range: string
  isDeclared(labels: Labels, telling: readonly string[]): boolean
}

/** Every instance of a kind of store in one query a signal: there are few, and the undeclared one may be the cause. */
const storeQuestions = (
  family: Family,
  signals: readonly FamilySignal[],
  instances: readonly Labels[],
  { targets, range, isDeclared }: Stores,
): GoldenQuestion[] => {
  const owned = new Map<string, Owner>()
  const loose: Labels[] = []
  for (const labels of instances) {
    const target = targets.find((one) => belongingOf(labels, one, family.labels))
    if (target) owned.set(keyOf(labels, family), { service: target.id, nearby: false })
    else if (!isDeclared(labels, family.labels)) loose.push(labels)
  }
  const [only] = loose
  const hinted = owned.size === 0 && loose.length === 1 && targets.find((one) => family.hint?.test(one.id))
  if (only && hinted) owned.set(keyOf(only, family), { service: hinted.id, nearby: false })
  else if (loose.length <= MOST_NEARBY)
    for (const labels of loose)
      owned.set(keyOf(labels, family), { service: nameOfInstance(labels, family.labels), nearby: true })
  if (owned.size === 0) return []
  const by = [...family.labels, 'namespace']
  // Of a few among many, only those are asked for.
  const values = instances.length > MOST_NEARBY ? narrowest(instances, family, owned) : undefined
  const all = scope(family, range, by, values ? [values] : [])
  return signals.map((signal) => ({
    family,
    signal,
    query: signal.query(all),
    ...(signal.limit ? { limit: signal.limit.query(all) } : {}),
    ownerOf: (labels) => owned.get(keyOf(labels, family)),
    narrowed: (labels) => {
      const held = by.filter((label) => labels[label])
      return signal.query(
        scope(
          family,
          range,
          by.filter((label) => label !== 'namespace'),
          held.map((label) => oneOf(label, [labels[label] ?? ''])),
        ),
      )
    },
  }))
}

/** A matcher that covers all owned instances, by the most selective label. */
const narrowest = (
  instances: readonly Labels[],
  family: Family,
  owned: ReadonlyMap<string, Owner>,
): string | undefined => {
  const mine = instances.filter((labels) => owned.has(keyOf(labels, family)))
  const label = family.labels.find((one) => mine.every((labels) => labels[one]))
  return label && oneOf(label, [...new Set(mine.map((labels) => labels[label] as string))])
}

const keyOf = (labels: Labels, { labels: telling }: Family): string =>
  JSON.stringify([...telling, 'namespace'].map((label) => labels[label] ?? ''))

const scope = (family: Family, range: string, by: readonly string[], matchers: readonly string[]): Scope => ({
  by: by.join(', '),
  range,
  in: (more) => {
    const all = [...(family.only ? [family.only] : []), ...matchers, ...(more ? [more] : [])]
    return all.length > 0 ? `{${all.join(',')}}` : ''
  },
})

/** A label with one of these values; PromQL's regular expressions are anchored. */
const oneOf = (label: string, values: readonly string[]): string =>
  values.length === 1
    ? `${label}=${JSON.stringify(values[0])}`
    : `${label}=~${JSON.stringify(values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'))}`
