import { z } from 'zod'
import { defineIncidentCommand, say, strong } from '../src/conversation/command.ts'
import { subscribe } from '../src/incident/update.ts'

export default defineIncidentCommand({
  summary: 'Get updates of an incident by direct message',
  usage: 'subscribe [INC-n]',
  examples: ['subscribe INC-7'],
  aliases: ['follow'],
  input: z.object({ text: z.literal('', 'type `subscribe`, or `subscribe INC-7`') }),
  async run(_input, { act, change }) {
    const { incident, events } = await change((now) => subscribe(now, {}, act))
    const line =
      events.length > 0
        ? say`You get updates of ${strong(incident.id)} by direct message, and hear when it is over.`
        : say`You get updates of ${strong(incident.id)} already.`
    return { lines: [line], to: 'you', next: [{ label: 'Unsubscribe', command: `unsubscribe ${incident.id}` }] }
  },
})
