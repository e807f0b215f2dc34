import { sharesAtOrBelow } from '../../sandbox/prometheus/buckets.ts'
import { type CaseFile, inputOf } from '../../src/suspects/case-file.ts'
import { counted, type LoadedSeries } from './samples.ts'

/** Scrapes a step of the case: rates taken over a few scrapes then see one step and not its neighbours. */
export const SCRAPES = 4

type Values = (number | null)[]
type Series = CaseFile['series'][number]

/** Names and labels under which a convention shows servers and calls. */
export type Convention = 'Istio' | 'OpenTelemetry'

/** A case's figures as a Prometheus of that convention would have scraped them. What no convention measures is left out. */
export const metricsOf = (file: CaseFile, convention: Convention): LoadedSeries[] => {
  const stepSeconds = file.stepSeconds / SCRAPES
  const held = (values: readonly (number | null)[]): Values =>
    values.flatMap((value) => new Array<number | null>(SCRAPES).fill(value))
  const bySeries = Map.groupBy(file.series, ({ service }) => service)
  const length = Math.max(...file.series.map(({ values }) => values.length))
  const virtual = new Set(file.virtual)
  const figures = new Map(
    [...bySeries].map(([service, series]) => [service, figuresOf(series, file.stepSeconds, length)]),
  )
  const nodes = [...new Set([...bySeries.keys(), ...file.edges.flatMap(({ client, server }) => [client, server])])]

  const histogram = (name: string, labels: LoadedSeries['labels'], rate: Values, p90: Values): LoadedSeries[] => {
    const bounds = boundsOf(p90)
    if (bounds.length === 0) return []
    const shares = p90.map((value) => (value === null || value <= 0 ? null : sharesAtOrBelow(value, bounds)))
    const bucket = (le: string, index: number): LoadedSeries => ({
      name: `${name}_bucket`,
      labels: { ...labels, le },
      values: counted(
        held(rate.map((all, i) => (all === null ? null : all * (index < 0 ? 1 : (shares[i]?.[index] ?? 1))))),
        stepSeconds,
      ),
    })
    return [
      ...bounds.map((bound, i) => bucket(String(bound), i)),
      bucket('+Inf', -1),
      { ...bucket('', -1), name: `${name}_count`, labels },
    ]
  }
  const codes = (rate: Values, failed: Values) => [
    {
      code: '200',
      values: counted(held(rate.map((all, i) => (all === null ? null : all * (1 - (failed[i] ?? 0))))), stepSeconds),
    },
    {
      code: '503',
      values: counted(held(rate.map((all, i) => (all === null ? null : all * (failed[i] ?? 0)))), stepSeconds),
    },
  ]

  const server = (service: string): LoadedSeries[] => {
    const figure = figures.get(service)
    if (!figure || virtual.has(service)) return []
    const labels = { service, job: service }
    const name = convention === 'Istio' ? 'http_request_duration_seconds' : 'http_server_request_duration_seconds'
    const latency = figure.p90 ? histogram(name, labels, figure.rate, figure.p90) : []
    const counts = codes(figure.rate, figure.failed).map(
      ({ code, values }): LoadedSeries =>
        convention === 'Istio'
          ? { name: 'http_requests_total', labels: { ...labels, code }, values }
          : { name: `${name}_count`, labels: { ...labels, http_response_status_code: code }, values },
    )
    // The histogram's own count has no status; counted by status it must not be counted twice.
    return [
      ...latency.filter((one) => one.name !== `${name}_count`),
      ...counts,
      ...resources(service, bySeries.get(service) ?? []),
    ]
  }
  const resources = (service: string, series: readonly Series[]): LoadedSeries[] =>
    series.flatMap(({ signal, values }): LoadedSeries[] => {
      const labels = { namespace: 'cases', container: service, pod: `${service}-0` }
      if (signal === 'cpu')
        return [{ name: 'container_cpu_usage_seconds_total', labels, values: counted(held(values), stepSeconds) }]
      return signal === 'memory' ? [{ name: 'container_memory_working_set_bytes', labels, values: held(values) }] : []
    })

  const call = ({ client, server: called, rate }: CaseFile['edges'][number]): LoadedSeries[] => {
    const callers = file.edges.filter((edge) => edge.server === called).length
    const figure = virtual.has(called) ? figures.get(called) : undefined
    const requests =
      rate ?? figure?.rate.map((all) => (all === null ? null : all / callers)) ?? new Array<number>(length).fill(1)
    const failed = figure?.failed ?? new Array<number>(length).fill(0)
    const gap = gapOf(file, client, called, length)
    const own = figure?.p90 ?? new Array<number>(length).fill(0.02)
    const atClient = own.map((value, i) => (value === null ? null : value + (gap?.[i] ?? 0) / 1000))
    const isVirtual = virtual.has(called)
    if (convention === 'OpenTelemetry') {
      const labels = { client, server: called, connection_type: isVirtual ? 'virtual_node' : '' }
      const total = codes(requests, failed)
      return [
        { name: 'traces_service_graph_request_total', labels, values: counted(held(requests), stepSeconds) },
        { name: 'traces_service_graph_request_failed_total', labels, values: total[1]?.values ?? [] },
        ...(figure?.p90 || gap
          ? histogram('traces_service_graph_request_client_seconds', labels, requests, atClient)
          : []),
        ...(gap && !isVirtual ? histogram('traces_service_graph_request_server_seconds', labels, requests, own) : []),
      ]
    }
    const labels = {
      source_workload: client,
      source_workload_namespace: 'cases',
      destination_service_namespace: 'cases',
      destination_service_name: called,
      destination_workload: isVirtual ? 'unknown' : called,
    }
    const side = (reporter: string, p90: Values | undefined): LoadedSeries[] => [
      ...codes(requests, failed).map(({ code, values }) => ({
        name: 'istio_requests_total',
        labels: { ...labels, reporter, response_code: code },
        values,
      })),
      ...(p90
        ? histogram(
            'istio_request_duration_milliseconds',
            { ...labels, reporter },
            requests,
            p90.map((value) => (value === null ? null : value * 1000)),
          ).filter(({ name }) => name.endsWith('_bucket'))
        : []),
    ]
    return [
      ...side('source', figure?.p90 || gap ? atClient : undefined),
      ...(isVirtual ? [] : side('destination', gap ? own : undefined)),
    ]
  }

  const up = nodes.map((service) => ({
    name: 'up',
    labels: { job: service },
    values: new Array<number>(length * SCRAPES).fill(1),
  }))
  return [...up, ...nodes.flatMap(server), ...file.edges.flatMap(call)]
}

type Figures = { rate: Values; failed: Values; p90: Values | undefined }

/** Requests a second, the share that fails, and p90 in seconds of one service. */
const figuresOf = (series: readonly Series[], stepSeconds: number, length: number): Figures => {
  const traffic = series.find(({ signal }) => signal === 'traffic')
  const errors = series.find(({ signal }) => signal === 'errors')
  const latencies = series.filter(({ signal }) => signal === 'latency')
  const latency = latencies.find(({ metric }) => /p90/i.test(metric)) ?? latencies[0]
  return {
    rate: traffic
      ? traffic.values.map((value) =>
          value === null ? null : traffic.unit === 'requests_per_step' ? value / stepSeconds : value,
        )
      : new Array<number>(length).fill(10),
    failed: (errors?.values ?? new Array<null>(length).fill(null)).map((value) =>
      value === null ? null : Math.min(1, Math.max(0, (100 - value) / 100)),
    ),
    p90: latency?.values,
  }
}

/** Bounds 15 % apart around everything that was seen. */
const boundsOf = (values: Values): number[] => {
  const seen = values.filter((value) => value !== null && value > 0) as number[]
  if (seen.length === 0) return []
  const [least, most] = [Math.min(...seen) / 1.5, Math.max(...seen) * 1.5]
  const count = Math.min(40, Math.max(6, Math.ceil(Math.log(most / least) / Math.log(1.15))))
  return Array.from({ length: count + 1 }, (_, i) => Number((least * (most / least) ** (i / count)).toPrecision(6)))
}

/** Milliseconds lost on a call, on the case's grid; undefined where the case has none. Some cases record seconds: the reader knows. */
const gapOf = (file: CaseFile, client: string, server: string, length: number): Values | undefined => {
  const gap = inputOf(file).edgeGaps.find((one) => one.client === client && one.server === server)
  if (!gap) return undefined
  if ('values' in gap) return [...gap.values]
  const spread = (values: readonly (number | null)[], count: number): Values =>
    Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / Math.max(1, count))] ?? null)
  return [...spread(gap.baseline, file.onsetIndex), ...spread(gap.test, length - file.onsetIndex)]
}
