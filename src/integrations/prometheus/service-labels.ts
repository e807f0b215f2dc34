import type { Peer } from '../../topology/call.ts'

/** Labels that name the service a series is about, the most telling first. */
export const SERVICE_LABELS = [
  'service',
  'service_name',
  'app_kubernetes_io_name',
  'app',
  'application',
  'workload',
  'deployment',
  'exported_service',
  'job',
] as const

/** On a container's series the labels above name what scrapes it (`service="kubelet"`); these name what runs in it. */
export const CONTAINER_LABELS = ['workload', 'deployment', 'statefulset', 'container', 'pod'] as const

const NAMESPACE_LABELS = ['namespace', 'exported_namespace', 'kubernetes_namespace', 'service_namespace']

/** What grouping by service needs to keep. */
export const groupingOf = (labels: readonly string[]): string => [...labels, ...NAMESPACE_LABELS].join(', ')

/** Programs that expose another's metrics carry its name with this around it. */
const EXPORTER = /^prometheus[-_]|[-_]?exporter$|^(?=.)[-_]|[-_]metrics$/g

/** The names a series may go by, the most telling first. */
export const peersOf = (labels: Record<string, string>, candidates: readonly string[]): Peer[] => {
  const namespace = NAMESPACE_LABELS.map((label) => labels[label]).find((value) => value)
  return candidates.flatMap((label) => {
    const name = labels[label]
    if (!name) return []
    const plain = name.replace(EXPORTER, '')
    return [name, ...(plain && plain !== name ? [plain] : [])].map((one) => ({
      name: one,
      ...(namespace ? { namespace } : {}),
    }))
  })
}

/** Escapes text for a PromQL string in double quotes. */
const quoted = (text: string) => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`

/** RE2: the characters that mean something in a pattern. */
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** A matcher for one of these values: `service=~"cart|web"`. */
export const oneOf = (label: string, values: Iterable<string>): string =>
  `${label}=~${quoted([...values].map(literal).sort().join('|'))}`

/** An address says where something listens, but not what it is. */
export const isAddress = (name: string): boolean => /^[\d.]+(:\d+)?$|^\[|^localhost\b/.test(name)
