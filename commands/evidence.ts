import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { requestEvidence } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Look at the graphs once more',
  usage: 'evidence',
  aliases: ['graphs', 'charts'],
  input: z.object({ text: z.literal('', 'type just `evidence`') }),
  async run(_input, { act, change }) {
    await change((incident) => requestEvidence(incident, { phase: 'asked' }, act))
    return say`Looking; the charts will be in the summary and its thread in a moment.`
  },
})
