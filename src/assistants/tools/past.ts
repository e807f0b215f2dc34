import { z } from 'zod'
import { Refusal } from '../../incident/errors.ts'
import { formatDuration } from '../../incident/measure.ts'
import { PLAYBOOK_PARTS } from '../../incident/playbook.ts'
import { Cursor, IncidentId, readableIncident } from '../input.ts'
import { iso } from '../present.ts'
import { defineTool, mayRead, type Sources } from '../tool.ts'

/** Characters of a postmortem in one answer. */
const PART_CHARACTERS = 15_000

export const searchIncidents = defineTool({
  name: 'search_incidents',
  title: 'Search incidents',
  description:
    'Incidents, open or over, that contain all the words in title, service, impact, outcome, alerts or timeline, with the lines that match: at most ten, best first. Each word also finds longer words that begin with it. No operators or quotes.',
  input: z.strictObject({
    words: z.string().trim().min(1, 'expected words to search for').max(200).describe('Like: connection pool'),
  }),
  async run({ words }, { sources, user }) {
    const { found, total } = await sources.learning.find(words, (incident) => mayRead(incident, user))
    return {
      total,
      incidents: found.map(({ id, title, severity, status, declaredAt, lines, imported }) => ({
        id,
        title,
        severity,
        status,
        declared_at: iso(declaredAt),
        imported,
        lines: lines.map(({ at, text }) => ({ at: iso(at), text: text.slice(0, 300) })),
      })),
      ...(await incomplete(sources)),
    }
  },
})

export const findSimilar = defineTool({
  name: 'find_similar',
  title: 'Find similar incidents',
  description:
    'Past incidents like this one, most alike first, each with the reasons, what fixed it and how long it took. Use it early: a known fix saves the search for the cause.',
  input: z.strictObject({ incident: IncidentId }),
  async run({ incident: id }, context) {
    const incident = await readableIncident(id, context)
    const similar = await context.sources.learning.similar(incident)
    return {
      incident: incident.id,
      similar: similar.map(({ incident: past, title, declaredAt, reasons, fix, tookMs, imported }) => ({
        incident: past,
        title,
        declared_at: iso(declaredAt),
        reasons,
        imported,
        ...(fix ? { [fix.known === 'outcome' ? 'fixed_by' : 'mitigated_after']: fix.text } : {}),
        ...(tookMs === undefined ? {} : { took: formatDuration(tookMs) }),
      })),
      ...(await incomplete(context.sources)),
    }
  },
})

/** A read-only process cannot update the index, so it reports what is missing from it. */
const incomplete = async ({ learning }: Sources) => {
  const missing = await learning.unindexed()
  return missing > 0
    ? { remark: `${missing} incidents changed since they were indexed; \`muster serve\` indexes them within a minute.` }
    : {}
}

export const getPlaybook = defineTool({
  name: 'get_playbook',
  title: 'Get the playbook',
  description:
    'The playbook people kept for incidents like this one, or else a draft from the most similar past incident: symptoms, what to look at first, what worked, who knows.',
  input: z.strictObject({ incident: IncidentId }),
  async run({ incident: id }, context) {
    const incident = await readableIncident(id, context)
    const offered = await context.sources.learning.playbooks.offer(incident)
    if (!offered) throw new Refusal(`Nobody has kept a playbook for what ${incident.id} looks like.`)
    const { kind, playbook } = offered
    return {
      title: playbook.title,
      kind: kind === 'saved' ? 'kept by people' : 'drafted from the log, not reviewed',
      from: playbook.from,
      ...(offered.kind === 'saved' ? { id: offered.playbook.id, edition: offered.playbook.edition } : {}),
      ...Object.fromEntries(PLAYBOOK_PARTS.map(({ name }) => [name, playbook[name].split('\n').filter(Boolean)])),
    }
  },
})

export const getPostmortem = defineTool({
  name: 'get_postmortem',
  title: 'Get the postmortem',
  description:
    'The postmortem as Markdown, in parts: summary, impact, causes, lessons and action items come first, the timeline later. Drafted from the log where people have not written; gaps stand at its top.',
  input: z.strictObject({ incident: IncidentId, cursor: Cursor }),
  async run({ incident: id, cursor = 0 }, context) {
    const incident = await readableIncident(id, context)
    const markdown = await context.sources.postmortems.markdown(incident.id)
    if (markdown === undefined || cursor >= markdown.length)
      throw new Refusal(
        `The postmortem of ${incident.id} ends before that. Leave cursor out to start at its beginning.`,
      )
    const end = endOf(markdown, cursor)
    const more = end < markdown.length ? `\n\n(continues; call get_postmortem again with cursor "${end}")` : ''
    return markdown.slice(cursor, end) + more
  },
})

/** Parts end where a line does. */
const endOf = (text: string, from: number): number => {
  if (text.length - from <= PART_CHARACTERS) return text.length
  const line = text.lastIndexOf('\n', from + PART_CHARACTERS)
  return line > from ? line + 1 : from + PART_CHARACTERS
}
