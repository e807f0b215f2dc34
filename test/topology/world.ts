import type { Catalogue, Service } from '../../src/incident/service.ts'
import type { ObservedCall, Timed } from '../../src/topology/call.ts'

/** A catalogue from the members that matter here. */
export const catalogue = (...entries: (Pick<Service, 'id'> & Partial<Service>)[]): Catalogue =>
  new Map(
    entries.map((entry) => [
      entry.id,
      {
        name: entry.id,
        pageOnDeclare: false,
        dashboards: [],
        queries: [],
        dependsOn: [],
        match: [],
        aliases: [],
        ...entry,
      },
    ]),
  )

/** Values half a minute apart, from the epoch on. */
export const line = (...values: (number | null)[]): Timed => ({ start: 0, stepSeconds: 30, values })

/** A call as the mesh shows it. */
export const call = (client: string, server: string, more: Partial<ObservedCall> = {}): ObservedCall => ({
  source: 'Istio',
  client: { name: client },
  server: { name: server },
  rate: line(...new Array(20).fill(10)),
  ...more,
})
