import { type CaseFile, inputOf } from '../../src/suspects/case-file.ts'
import type { RankingInput } from '../../src/suspects/input.ts'

/** A recorded quiet stretch with a fault put into it, whose cause is therefore known. */
export type Injected = { input: RankingInput; truth: string }

type Hurt = 'latency' | 'errors'

/** Points after the onset at which the fault begins and ends: alerts and faults never share their first minute. */
const FAULT = { from: 1, to: 4 }
const TEST_POINTS = 5
/**
 * How much the alerting service is affected: the factor of its own latency, or three times that in percent of failures.
 */
const SIZES = [0.3, 1, 3]
/** A service called less than this often for a request of the alerting one would need an absurd fault to be felt. */
const LEAST_CALLS = 0.05
/** Most failures a service can have on top of its usual, percent. */
const MOST_FAILURES = 60

/**
 * Faults at every measured service that the alerting one calls, directly or not: slower or failing, in three sizes, at two places
 * of the past. What a caller feels of it is its callee's trouble times the calls for each of its requests.
 */
export const injections = (file: CaseFile): Injected[] => {
  const places = [1, 0.75].map((share) => Math.floor(share * file.onsetIndex))
  return calledServices(file).flatMap((service) =>
    (['latency', 'errors'] as const).flatMap((hurt) =>
      SIZES.flatMap((size) =>
        places.map((end) => ({ input: inject(file, { service, hurt, size, end }), truth: service })),
      ),
    ),
  )
}

const seriesOf = (file: CaseFile, service: string, signal: string) =>
  file.series.find((series) => series.service === service && series.signal === signal)

/** Mean of the whole past; 0 of nothing. */
const usual = (file: CaseFile, service: string, signal: string): number => {
  const values = (seriesOf(file, service, signal)?.values ?? [])
    .slice(0, file.onsetIndex)
    .filter((value) => value !== null)
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

const calledServices = (file: CaseFile): string[] => {
  const reached = new Set([file.alert.service])
  for (const service of reached) {
    for (const { client, server } of file.edges) if (client === service) reached.add(server)
  }
  const busy = LEAST_CALLS * usual(file, file.alert.service, 'traffic')
  return [...reached].filter(
    (service) =>
      service !== file.alert.service && !file.virtual.includes(service) && usual(file, service, 'traffic') >= busy,
  )
}

const inject = (
  file: CaseFile,
  { service, hurt, size, end }: { service: string; hurt: Hurt; size: number; end: number },
): RankingInput => {
  const calls = Math.min(1, usual(file, service, 'traffic') / usual(file, file.alert.service, 'traffic'))
  const atCause =
    hurt === 'latency'
      ? (size * usual(file, file.alert.service, 'latency')) / calls
      : Math.min(MOST_FAILURES, (3 * size) / calls)
  const felt = propagate(file, service, atCause)
  const onset = end - TEST_POINTS
  const series = file.series.map((one) => {
    const more = one.signal === hurt ? (felt.get(one.service) ?? 0) : 0
    const values = one.values.slice(0, end).map((value, t) => {
      const isIll = t >= onset + FAULT.from && t < onset + FAULT.to
      if (value === null || !isIll || more === 0) return value
      return hurt === 'latency' ? value + more : Math.max(0, value - more)
    })
    return { ...one, values }
  })
  return inputOf({ ...file, series, onsetIndex: onset, alert: { ...file.alert, signal: hurt }, edgeGaps: [] })
}

/** The worst that each service feels, over any path of calls. */
const propagate = (file: CaseFile, cause: string, atCause: number): Map<string, number> => {
  const felt = new Map([[cause, atCause]])
  const open = [cause]
  for (const server of open) {
    for (const edge of file.edges) {
      const rate = usual(file, edge.client, 'traffic')
      if (edge.server !== server || rate === 0) continue
      const more = (felt.get(server) ?? 0) * Math.min(1, usual(file, server, 'traffic') / rate)
      if (more <= (felt.get(edge.client) ?? 0)) continue
      felt.set(edge.client, more)
      open.push(edge.client)
    }
  }
  return felt
}
