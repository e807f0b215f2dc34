import { z } from 'zod'
import { defineIncidentCommand, say, strong } from '../src/conversation/command.ts'
import { unsubscribe } from '../src/incident/update.ts'

export default defineIncidentCommand({
  summary: 'Get no more updates by direct message',
  usage: 'unsubscribe [INC-n]',
  examples: ['unsubscribe INC-7'],
  aliases: ['unfollow'],
  input: z.object({ text: z.literal('', 'type `unsubscribe`, or `unsubscribe INC-7`') }),
  async run(_input, { act, change }) {
    const { incident, events } = await change((now) => unsubscribe(now, {}, act))
    return events.length > 0
      ? say`You get no more updates of ${strong(incident.id)}.`
      : say`You were not subscribed to ${strong(incident.id)}.`
  },
})
