import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { keepChannel } from '../src/incident/channel.ts'

export default defineIncidentCommand({
  summary: 'Keep the channel of an incident that is over from being archived for now',
  usage: 'channel keep',
  examples: ['channel keep', 'channel INC-7 keep'],
  input: z.object({ text: z.literal('keep', 'type `channel keep`; Slack\u2019s channel settings do everything else') }),
  async run(_input, { act, change }) {
    const { incident, events } = await change((now) => keepChannel(now, {}, act))
    return events.length > 0
      ? say`The channel of ${incident.id} stays open; the days until it is archived count from now on.`
      : say`The channel of ${incident.id} is being kept already.`
  },
})
