import { z } from 'zod'
import { code, defineIncidentCommand, say } from '../src/conversation/command.ts'
import { requestSuspects } from '../src/incident/decide.ts'
import { findService } from '../src/incident/service.ts'

export default defineIncidentCommand({
  summary: 'Rank the likely culprits now',
  usage: 'suspects [service]',
  examples: ['suspects', 'suspects payment'],
  aliases: ['culprit', 'culprits'],
  input: z.object({ text: z.string().trim().max(200, 'name a service in under 200 characters') }),
  async run({ text }, { act, change, incident, vocabulary }) {
    // A name missing from the catalogue may still exist in the metrics.
    const service = text ? (findService(vocabulary.catalogue, { service: text })?.id ?? text) : undefined
    await change((state) => requestSuspects(state, { service }, act))
    const about = service ?? incident.service
    return say`Ranking${about ? say` what may be behind ${code(about)}` : ' every service, as none is named'}; the answer will be in the summary and its thread in a moment.`
  },
})
