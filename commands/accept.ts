import { z } from 'zod'
import { defineIncidentCommand, say, strong } from '../src/conversation/command.ts'
import { accept } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Declare an incident that waits in triage',
  usage: 'accept',
  examples: ['accept'],
  input: z.object({ text: z.literal('', 'type just `accept`') }),
  async run(_input, { act, change }) {
    const { incident, events } = await change((now) => accept(now, {}, act))
    return events.length > 0
      ? say`${strong(incident.id)} is declared. Its channel opens in a moment.`
      : say`${incident.id} is already ${incident.status}.`
  },
})
