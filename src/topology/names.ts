import { type Catalogue, findService } from '../incident/service.ts'
import type { Peer } from './call.ts'

/** Namespaces that mean "unknown". */
const NO_NAMESPACE = new Set(['', 'unknown', 'default'])
/** Endings that one source writes and another leaves out. */
const ENDINGS = /[-_.](service|svc|deployment|app)$/i
/** What a Deployment adds to its pods' names: a hash of the template and five characters. */
const POD_HASH = /-[0-9a-f]{6,10}-[a-z0-9]{5}$/

/**
 * A peer's name without its location: scheme, port, path, the cluster's domain, a pod's hash. The namespace of a
 * cluster address is taken from it.
 */
export const plainPeer = ({ name, namespace }: Peer): Peer => {
  const host = name
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '')
  // Kubernetes: <service>.<namespace>.svc.<cluster domain>
  const inCluster = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(\.[a-z0-9.-]+)?$/.exec(host)
  const plain = inCluster?.[1] ?? host.replace(POD_HASH, '')
  const where = inCluster?.[2] ?? namespace
  return { name: plain || name, ...(where && !NO_NAMESPACE.has(where) ? { namespace: where } : {}) }
}

/**
 * One name for each service, however its sources write it: the catalogue's id where it has one (by id, name, alias or
 * labels, with and without endings like `-service`), else the plain name. A name that several namespaces use for
 * different workloads is written `namespace/name`.
 */
export const canonicalNames = (peers: Iterable<Peer>, catalogue: Catalogue): ((peer: Peer) => string) => {
  const plain = [...peers].map(plainPeer)
  const lower = new Map<string, string>()
  const namespaces = new Map<string, Set<string>>()
  for (const { name, namespace } of plain) {
    const key = name.toLowerCase()
    // Of two spellings the smaller wins, so that the order in which they are seen changes nothing.
    const known = lower.get(key)
    if (known === undefined || name < known) lower.set(key, name)
    if (namespace) namespaces.set(key, (namespaces.get(key) ?? new Set()).add(namespace))
  }
  const cache = new Map<string, string>()

  const named = ({ name, namespace }: Peer): string => {
    const declared = inCatalogue({ name, namespace }, catalogue)
    if (declared !== undefined) return declared
    const key = name.toLowerCase()
    const short = key.replace(ENDINGS, '')
    const same = short !== key && lower.has(short) ? short : key
    const spelled = lower.get(same) ?? name
    return namespace && (namespaces.get(same)?.size ?? 0) > 1 ? `${namespace}/${spelled}` : spelled
  }

  return (peer) => {
    const one = plainPeer(peer)
    const key = `${one.namespace ?? ''}/${one.name}`
    const known = cache.get(key) ?? named(one)
    cache.set(key, known)
    return known
  }
}

/** The catalogue's id for a peer. An entry that names its namespace in `match` does not match another namespace. */
const inCatalogue = ({ name, namespace }: Peer, catalogue: Catalogue): string | undefined => {
  const spellings = [
    ...(namespace ? [`${namespace}/${name}`, `${name}.${namespace}`] : []),
    name,
    name.replace(ENDINGS, ''),
  ]
  const labels: Record<string, string> = { ...(namespace ? { namespace } : {}), app: name, workload: name }
  for (const service of new Set(spellings)) {
    const entry = findService(catalogue, { service, labels })
    const wanted = entry?.match.flatMap((match) => match.namespace ?? []) ?? []
    if (entry && (wanted.length === 0 || !namespace || wanted.includes(namespace))) return entry.id
  }
  return undefined
}
