import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../../incident/errors.ts'
import { IncidentId, Instant, readableIncident } from '../input.ts'
import { defineTool } from '../tool.ts'

const LONGEST_NOTE = 2_000

export const addNote = defineTool({
  name: 'add_note',
  title: 'Add a note to the timeline',
  description:
    'Writes one line to the timeline of an incident, marked as written by an assistant; everybody in its channel sees it. Write only what you found and where, in one or two sentences. The same text is recorded once. It cannot be taken back by you; people can remove it.',
  input: z.strictObject({
    incident: IncidentId,
    text: z.string().trim().min(1, 'expected some text').max(LONGEST_NOTE).describe('One or two sentences'),
    time: Instant.optional().describe('When it happened, like 2026-01-31T08:00:00Z; now when left out'),
  }),
  writes: true,
  async run({ incident: id, text, time }, context) {
    const { sources, client, user } = context
    const incident = await readableIncident(id, context)
    if (!sources.addNote)
      throw new Refusal('Assistants may not write here. The operator allows it with `assistants.notes` in muster.yaml.')
    const name = createHash('sha256')
      .update(`${text}\n${time ?? ''}`)
      .digest('hex')
      .slice(0, 32)
    const once = `assistant:${incident.id}:${name}`
    const added = await sources.addNote({ incident: incident.id, text, time, client, user, once })
    return {
      incident: incident.id,
      recorded: added,
      ...(added ? {} : { remark: 'The same note was recorded before.' }),
    }
  },
})
