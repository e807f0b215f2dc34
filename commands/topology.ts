import { z } from 'zod'
import { code, defineCommand, type IncidentContext, Refusal, say } from '../src/conversation/command.ts'
import { findService } from '../src/incident/service.ts'
import { requestTopology } from '../src/incident/topology.ts'

export default defineCommand({
  summary: 'Draw who calls whom around a service',
  usage: 'topology [service]',
  examples: ['topology', 'topology shipping'],
  aliases: ['calls'],
  input: z.object({ text: z.string().trim().max(200, 'name a service in under 200 characters') }),
  async run({ text }, context) {
    const { callGraphs, vocabulary, act } = context
    if (!callGraphs)
      throw new Refusal('Who calls whom is read from Prometheus. Whoever runs Muster can set `PROMETHEUS_URL`.')
    // A name that the catalogue does not know may still be one in the metrics.
    const service = text ? (findService(vocabulary.catalogue, { service: text })?.id ?? text) : undefined
    // Where there is an incident, a command that works anywhere gets it, too.
    if ('incident' in context) {
      const { incident, change } = context as IncidentContext
      await change((now) => requestTopology(now, { service }, act))
      const about = service ?? incident.service
      return say`Drawing who calls whom${about ? say` around ${code(about)}` : ''}; the picture will be in the summary's thread in a moment.`
    }
    if (service === undefined)
      throw new Refusal(
        "Name a service, like `/incident topology shipping`. In an incident's channel it is the incident's own where none is named.",
      )
    if (!callGraphs.send(act.by, service))
      throw new Refusal('Muster is drawing several pictures already; run `/incident topology` again in a minute.')
    return say`Drawing who calls whom around ${code(service)}; the picture will reach you as a direct message in a moment.`
  },
})
