import { z } from 'zod'
import {
  channel,
  code,
  defineCommand,
  link,
  type Phrase,
  say,
  strong,
  time,
  toYou,
  typed,
} from '../src/conversation/command.ts'
import type { FoundIncident } from '../src/incident/found.ts'
import { importedPhrases } from '../src/incident/imported.ts'
import { shorten } from '../src/incident/measure.ts'

export default defineCommand({
  summary: 'Search incidents and their timelines',
  usage: 'find <words>',
  examples: ['find connection pool', 'find INC-7 rollback'],
  aliases: ['search', 'grep'],
  input: z.object({ text: z.string().trim().min(1, 'say what to look for').max(300, 'keep it under 300 characters') }),
  async run({ text }, { learning, documents }) {
    const { found, total } = await learning.find(text)
    if (found.length === 0)
      return say`Nothing has all of ${code(shorten(text, 80))} in it. Fewer words find more; a word also finds those that begin with it.`
    const lines = ({ id, title, status, declaredAt, channel: where, imported, lines }: FoundIncident): Phrase[][] => {
      const page = documents(id)?.html
      return [
        [
          ...say`${strong(id)} `,
          ...(where ? say`${channel(where)} ` : []),
          ...say`${shorten(title, 120)}${importedPhrases(imported)} \u00b7 ${status} \u00b7 ${time(declaredAt)}`,
          ...(page ? say` \u00b7 ${link(page, 'postmortem')}` : []),
        ],
        ...lines.map((line) => say`\u2003${time(line.at)} ${typed(shorten(line.text, 200))}`),
      ]
    }
    const count = total > found.length ? `The first ${found.length} of ${total}` : `${total}`
    return toYou(
      say`${strong(`${count} ${total === 1 ? 'incident' : 'incidents'}`)} with ${code(shorten(text, 80))}`,
      ...found.flatMap(lines),
    )
  },
})
