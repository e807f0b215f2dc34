import { z } from 'zod'
import { FILTERS, readPage } from '../../conversation/timeline-page.ts'
import { Refusal } from '../../incident/errors.ts'
import { labelsOf } from '../../incident/labels.ts'
import { Cursor, IncidentId, readableIncident } from '../input.ts'
import { iso, sentence } from '../present.ts'
import { defineTool } from '../tool.ts'

const kinds = Object.keys(FILTERS) as [string, ...string[]]

export const getTimeline = defineTool({
  name: 'get_timeline',
  title: 'Get the timeline',
  description:
    'What happened, in sentences: the latest 30 entries in the order they happened; next_cursor leads to the earlier ones. Each entry has a number, the time it happened (UTC) and who recorded it.',
  input: z.strictObject({
    incident: IncidentId,
    kind: z.enum(kinds).optional().describe('Only entries of this kind'),
    cursor: Cursor,
  }),
  async run({ incident: id, kind, cursor }, context) {
    const incident = await readableIncident(id, context)
    const { store, vocabulary } = context.sources
    if (cursor === 0) throw new Refusal('There is nothing before the first entry.')
    const { entries, next } = await readPage(
      (part) => store.events(incident.id, part),
      { before: cursor, filter: kind },
      labelsOf(vocabulary),
    )
    return {
      incident: incident.id,
      entries: entries.map(({ seq, at, phrases, edited }) => ({
        entry: seq,
        at: iso(at),
        text: sentence(phrases),
        ...(edited ? { edited } : {}),
      })),
      ...(next === undefined ? {} : { next_cursor: String(next) }),
    }
  },
})
