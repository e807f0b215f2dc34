import type { Catalogue } from '../../incident/service.ts'
import type { SignalSeries, Timed } from '../../suspects/input.ts'
import type { Peer } from '../../topology/call.ts'
import { foldedAll, sum } from '../../topology/lines.ts'
import { canonicalNames } from '../../topology/names.ts'
import type { Family, FamilySignal } from './families/family.ts'
import { groupingOf, isAddress, oneOf, peersOf } from './service-labels.ts'
import type { Look, LookGrid } from './suspects-ask.ts'

/** A service that a family knows, and the label and value that select its series. */
export type Found = { service: string; label: string; value: string }
/** The labels under which a family's metrics were seen. */
export type Sighting = { family: Family; labels: readonly string[]; sets: Record<string, string>[] }
/** Which services a family has series of. */
export type Recognized = { family: Family; by: string; labels: readonly string[]; found: Found[] }

type Naming = {
  /** Canonical names of services that are known already, from the catalogue and the call graph. */
  known: ReadonlySet<string>
  catalogue: Catalogue
}

/** Labels of the settings first, then what the family's makers use. */
export const candidatesOf = (family: Family, preferred: readonly string[]): readonly string[] => [
  ...new Set([...preferred, ...family.labels]),
]

/**
 * Looks up, for every family whose metrics exist, which services have them, or had them at `before` (epoch ms): one query
 * a family. A database that is down takes its metrics with it.
 */
export const recognize = async (
  look: Look,
  families: readonly Family[],
  {
    names,
    now,
    before,
    preferred,
  }: { names: ReadonlySet<string>; now: number; before: number; preferred: readonly string[] },
): Promise<Sighting[]> =>
  Promise.all(
    families
      .filter(({ sign }) => names.has(sign))
      .map(async (family) => {
        const labels = candidatesOf(family, preferred)
        const sign = `${family.sign}${family.only ? `{${family.only}}` : ''}`
        const ago = Math.ceil((now - before) / 1000)
        const answer = await look.instant(`count by (${groupingOf(labels)}) (${sign} or ${sign} offset ${ago}s)`, now)
        return { family, labels, sets: (answer ?? []).map((one) => one.labels) }
      }),
  )

/**
 * Maps each set of labels to a service: the first label whose value is a known service; else, for a store, the only
 * known service of its kind; else the name in its own labels.
 */
export const named = (recognized: readonly Sighting[], { known, catalogue }: Naming): Recognized[] => {
  const all = recognized.flatMap(({ labels, sets }) => sets.flatMap((set) => peersOf(set, labels)))
  const nameOf = canonicalNames([...[...known].map((name): Peer => ({ name })), ...all], catalogue)
  return recognized.map(({ family, labels, sets }) => {
    const stores = family.kind === 'store' && family.hint ? [...known].filter((name) => family.hint?.test(name)) : []
    const found = sets.flatMap((set): Found[] => {
      const peers = labels.flatMap((label) => peersOf(set, [label]).map((peer) => ({ label, peer })))
      const match = peers.find(({ peer }) => known.has(nameOf(peer)))
      const chosen = match ?? peers.find(({ peer }) => !isAddress(peer.name)) ?? peers[0]
      const label = match?.label ?? labels.find((one) => set[one])
      if (!chosen || label === undefined) return []
      const [only, ...others] = stores
      const service = match || only === undefined || others.length > 0 ? nameOf(chosen.peer) : only
      return [{ service, label, value: set[label] as string }]
    })
    return { family, by: groupingOf(labels), labels, found }
  })
}

/** What one query of a family measures, for the services wanted; a service keeps its worst instance of equals. */
export const measureSignals = async (
  look: Look,
  recognized: readonly Recognized[],
  {
    names,
    services,
    window,
    grid,
  }: { names: ReadonlySet<string>; services: ReadonlySet<string>; window: string; grid: LookGrid },
): Promise<SignalSeries[]> => {
  // Of families that count requests, the first that covers a service is used for it.
  const spokenFor = new Set<string>()
  const wanted = recognized.flatMap(({ family, by, found, labels }) => {
    const mine = found.filter(
      ({ service }) => services.has(service) && !(family.kind === 'requests' && spokenFor.has(service)),
    )
    if (family.kind === 'requests') for (const { service } of mine) spokenFor.add(service)
    return [...Map.groupBy(mine, ({ label }) => label)].map(([label, group]) => ({ family, by, labels, label, group }))
  })
  const answers = await Promise.all(
    wanted.flatMap(({ family, by, label, group }) => {
      const matcher = oneOf(label, new Set(group.map(({ value }) => value)))
      const scope = {
        by,
        range: window,
        in: (extra?: string) => `{${[matcher, family.only, extra].filter(Boolean).join(',')}}`,
      }
      const serviceOf = new Map(group.map(({ service, value }) => [value, service]))
      return family.signals
        .filter(({ needs }) => needs.every((metric) => names.has(metric)))
        .map(async (signal): Promise<SignalSeries[]> => {
          const { limit } = signal
          const [lines, limits] = await Promise.all([
            look.range(signal.query(scope), grid),
            limit?.needs.every((metric) => names.has(metric)) ? look.instant(limit.query(scope), grid.to) : undefined,
          ])
          const ends = new Map((limits ?? []).map(({ labels, value }) => [serviceOf.get(labels[label] ?? ''), value]))
          return (lines ?? []).flatMap(({ labels, line }) => {
            const service = serviceOf.get(labels[label] ?? '')
            return service === undefined ? [] : [seriesOf(service, signal, line, ends.get(service) ?? undefined)]
          })
        })
    }),
  )
  return [...Map.groupBy(answers.flat(), ({ service, metric }) => `${service}\u0000${metric}`).values()].flatMap(
    together,
  )
}

/** The ranking's names for units. */
const UNITS: Record<string, string> = { '%': 'percent', 'req/s': 'requests_per_second' }

const seriesOf = (
  service: string,
  { title, kind, worse = 'up', unit }: FamilySignal,
  line: Timed,
  limit: number | undefined,
): SignalSeries => ({
  ...line,
  service,
  metric: title,
  signal: kind,
  worse,
  unit: kind === 'traffic' && unit === '/s' ? 'requests_per_second' : (UNITS[unit] ?? unit),
  ...(limit === undefined ? {} : { limit }),
})

/** Several instances under one name: counts add up, of everything else the worse one counts. */
const together = (lines: SignalSeries[]): SignalSeries[] => {
  const [first] = lines
  const fold = first?.signal === 'traffic' ? sum : first?.worse === 'down' ? Math.min : Math.max
  const one = foldedAll(lines, fold)
  return one ? [one] : []
}
