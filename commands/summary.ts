import { z } from 'zod'
import { defineIncidentCommand, Refusal, say } from '../src/conversation/command.ts'
import { requestSummary } from '../src/incident/machine-summary.ts'

export default defineIncidentCommand({
  summary: 'Have a language model summarize the incident in its channel, each sentence with what it stands on',
  usage: 'summary',
  examples: ['summary'],
  aliases: ['summarize', 'tldr'],
  input: z.object({ text: z.literal('', 'type just `summary`') }),
  async run(_input, { incident, change, act, canSummarize }) {
    if (!canSummarize)
      throw new Refusal(
        'No language model may write here. Whoever runs Muster can allow one: `assistants.summaries` in muster.yaml. `/incident timeline` and `/incident link` have the facts.',
      )
    await change((now) => requestSummary(now, {}, act))
    return say`A language model is summarizing ${incident.id} now: its timeline and messages, without names and secrets. The result is posted in its channel.`
  },
})
