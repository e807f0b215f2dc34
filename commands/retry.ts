import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { retry } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Retry steps that failed',
  usage: 'retry',
  examples: ['retry'],
  input: z.object({ text: z.literal('', 'type just `retry`') }),
  async run(_input, { act, change }) {
    const { events } = await change((incident) => retry(incident, {}, act))
    return events.length > 0
      ? say`Retrying. The checklist in the summary shows the progress.`
      : say`Nothing has failed, so there is nothing to retry.`
  },
})
