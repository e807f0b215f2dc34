import { z } from 'zod'
import {
  code,
  defineIncidentCommand,
  firstWord,
  link,
  Refusal,
  say,
  strong,
  toYou,
} from '../src/conversation/command.ts'
import { FILTERS, historyOf, pageLines, readPage } from '../src/conversation/timeline-page.ts'
import { labelsOf } from '../src/incident/labels.ts'

const KINDS = Object.keys(FILTERS)
const Entry = z.number('say which entry by its number; `/incident timeline` shows them').int().positive()

export default defineIncidentCommand({
  summary: 'Show what happened when',
  usage: `timeline [${KINDS.join('|')}] [before <number>] | timeline history <number>`,
  examples: ['timeline', 'timeline notes', 'timeline before 120', 'timeline history 12'],
  permission: 'watch',
  aliases: ['tl', 'history'],
  parse(text) {
    const [first, rest] = firstWord(text)
    if (first === 'history') return { history: Number(rest) }
    const filter = Object.hasOwn(FILTERS, first) ? first : undefined
    const paging = (filter === undefined ? text : rest).trim()
    const [, before] = /^before\s+(\d+)$/i.exec(paging) ?? []
    return { filter, ...(paging ? { before: Number(before) } : {}) }
  },
  input: z.union(
    [z.strictObject({ history: Entry }), z.strictObject({ filter: z.string().optional(), before: Entry.optional() })],
    `type \`timeline\`, \`timeline notes\` (or ${KINDS.slice(1).join(', ')}) or \`timeline before 120\`; \`note 08:06 ...\` adds to it, and \`entry edit 12 ...\` corrects it`,
  ),
  async run(input, { incident, events, documents, timezone, vocabulary }) {
    if ('history' in input) {
      const history = await historyOf(events, input.history, labelsOf(vocabulary))
      if (!history) throw new Refusal(`${incident.id} has no timeline entry ${input.history}.`)
      return toYou(say`${strong(`Entry ${input.history} of ${incident.id}`)}`, ...history)
    }
    const { entries, next } = await readPage(events, input, labelsOf(vocabulary))
    const whole = documents(incident.id)?.html
    const filter = input.filter ? `${input.filter} ` : ''
    return toYou(
      say`${strong(`Timeline of ${incident.id}`)}, times in your zone; ${code('/incident entry edit <number> <text>')} corrects an entry, ${code('/incident time <number> HH:MM')} moves it`,
      ...(next === undefined
        ? []
        : [
            say`Earlier entries: ${code(`/incident timeline ${filter}before ${next}`)}${whole ? say`, or ${link(whole, 'all of them')}` : []}`,
          ]),
      ...(entries.length > 0
        ? pageLines(entries, await timezone())
        : [say`Nothing${input.filter ? ' of that kind' : ''} here.`]),
    )
  },
})
