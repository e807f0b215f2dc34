import type { ObservedCall } from './call.ts'
import { isNobody } from './merge.ts'

/**
 * Attributes calls to an unknown host (`PassthroughCluster`) to the one database that their client is known to use and
 * that no mesh or trace names: a managed database outside the mesh reports connections by user, but no requests. With
 * two such databases the target is ambiguous, and the calls stay as they are.
 */
export const withKnownHosts = (observed: readonly ObservedCall[]): ObservedCall[] => {
  const measured = new Set(observed.flatMap(({ server, rate }) => (rate ? [server.name] : [])))
  const databases = Map.groupBy(
    observed.filter(({ server, serverKind, rate }) => serverKind === 'database' && !rate && !measured.has(server.name)),
    ({ client }) => client.name,
  )
  return observed.map((call) => {
    const named = databases.get(call.client.name) ?? []
    const [only] = named
    const others = named.some(({ server }) => server.name !== only?.server.name)
    if (!isNobody(call.server.name) || !only || others) return call
    return { ...call, server: only.server, serverKind: 'database' }
  })
}
