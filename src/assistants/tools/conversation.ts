import { z } from 'zod'
import { Refusal } from '../../incident/errors.ts'
import { IncidentId, readableIncident } from '../input.ts'
import { iso, mention } from '../present.ts'
import { defineTool } from '../tool.ts'

const ON_A_PAGE = 40

export const getConversation = defineTool({
  name: 'get_conversation',
  title: 'Get the conversation',
  description:
    'What people wrote in the incident\u2019s channel: the latest 40 messages, oldest first; next_cursor leads to the earlier ones. reply_to is the id of the message that one answers. It says what people thought, not what was found; the timeline says what happened.',
  input: z.strictObject({
    incident: IncidentId,
    cursor: z
      .string()
      .regex(/^\d{1,12}\.\d{1,9}$/, 'expected the next_cursor of an earlier answer of this tool')
      .optional()
      .describe('next_cursor of an earlier answer, for what was written before it; leave it out for the latest'),
  }),
  async run({ incident: id, cursor }, context) {
    const incident = await readableIncident(id, context)
    const { messages, earlier } = await context.sources.store.messages.of(incident.id, {
      before: cursor,
      last: ON_A_PAGE,
    })
    if (messages.length === 0 && cursor === undefined)
      throw new Refusal(
        `No messages of ${incident.id} were kept: nobody wrote any, or muster.yaml keeps none of it. get_timeline has what was recorded.`,
      )
    return {
      incident: incident.id,
      messages: messages.map(({ ts, at, author, text, thread, editedAt }) => ({
        id: ts,
        at: iso(at),
        by: mention(author),
        text,
        ...(thread === undefined ? {} : { reply_to: thread }),
        ...(editedAt === undefined ? {} : { edited: true }),
      })),
      ...(earlier > 0 ? { next_cursor: messages[0]?.ts } : {}),
    }
  },
})
