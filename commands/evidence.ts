import { z } from 'zod'
import { defineIncidentCommand, Refusal, say } from '../src/conversation/command.ts'
import { requestEvidence } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Fetch fresh graphs and logs',
  usage: 'evidence',
  aliases: ['graphs', 'charts'],
  input: z.object({ text: z.literal('', 'type just `evidence`') }),
  async run(_input, { act, change, evidenceSources }) {
    if (evidenceSources.length === 0)
      throw new Refusal(
        'No source of graphs or logs is connected. Whoever runs Muster can set `PROMETHEUS_URL` or `LOKI_URL`.',
      )
    await change((incident) => requestEvidence(incident, { phase: 'asked' }, act))
    return say`On it: fresh graphs will be in the summary and its thread in a moment.`
  },
})
