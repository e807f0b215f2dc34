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
import { editEntry, removeEntry, restoreEntry } from '../src/incident/entry-decisions.ts'

const Entry = z.number('say which entry by its number; `/incident timeline` shows them').int().positive()

export default defineIncidentCommand({
  summary: 'Show the timeline, or correct it',
  usage: `timeline [${Object.keys(FILTERS).join('|')}] [before <number>] | timeline edit|remove|restore|history <number> [text]`,
  examples: ['timeline', 'timeline notes', 'timeline edit 12 pool enlarged to 40', 'timeline remove 13 wrong channel'],
  aliases: ['tl', 'history'],
  parse(text) {
    const [first, rest] = firstWord(text)
    const [number, words] = firstWord(rest)
    const seq = Number(number)
    switch (first) {
      case 'edit':
        return { edit: seq, text: words }
      case 'remove':
      case 'delete':
        return { remove: seq, reason: words || undefined }
      case 'restore':
        return { restore: seq }
      case 'history':
        return { history: seq }
      default: {
        const filter = Object.hasOwn(FILTERS, first) ? first : undefined
        const paging = filter === undefined ? text : rest
        const [, before] = /^before\s+(\d+)$/i.exec(paging.trim()) ?? []
        return { filter, ...(paging.trim() ? { before: Number(before) } : {}) }
      }
    }
  },
  input: z.union(
    [
      z.strictObject({ edit: Entry, text: z.string().max(12_000, 'keep it under 12,000 characters') }),
      z.strictObject({ remove: Entry, reason: z.string().max(500).optional() }),
      z.strictObject({ restore: Entry }),
      z.strictObject({ history: Entry }),
      z.strictObject({ filter: z.string().optional(), before: Entry.optional() }),
    ],
    `type \`timeline\`, \`timeline notes\` (or ${Object.keys(FILTERS).slice(1).join(', ')}), \`timeline before 120\`, or \`timeline edit 12 <text>\`; \`note 08:06 ...\` adds to it`,
  ),
  async run(input, { act, change, incident, events, documents, timezone }) {
    if ('edit' in input) {
      await change((now) => editEntry(now, { seq: input.edit, text: input.text }, act))
      return say`Entry ${input.edit} now reads: ${input.text}. ${code(`/incident timeline history ${input.edit}`)} shows what it was.`
    }
    if ('remove' in input) {
      await change((now) => removeEntry(now, { seq: input.remove, reason: input.reason }, act))
      return say`Entry ${input.remove} is off the timeline. ${code(`/incident timeline restore ${input.remove}`)} puts it back.`
    }
    if ('restore' in input) {
      await change((now) => restoreEntry(now, { seq: input.restore }, act))
      return say`Entry ${input.restore} is back on the timeline.`
    }
    if ('history' in input) {
      const history = await historyOf(events, input.history)
      if (!history) throw new Refusal(`${incident.id} has no timeline entry ${input.history}.`)
      return toYou(say`${strong(`Entry ${input.history} of ${incident.id}`)}`, ...history)
    }
    const { entries, next } = await readPage(events, input)
    const whole = documents(incident.id)?.html
    const earlier =
      next === undefined ? undefined : `/incident timeline ${input.filter ? `${input.filter} ` : ''}before ${next}`
    return toYou(
      say`${strong(`Timeline of ${incident.id}`)}, times in your zone; ${code('/incident time <number> HH:MM')} moves an entry, ${code('/incident timeline edit <number> <text>')} corrects it`,
      ...(earlier
        ? [say`Earlier entries: ${code(earlier)}${whole ? say`, or ${link(whole, 'all of them')}` : []}`]
        : []),
      ...(entries.length > 0
        ? pageLines(entries, await timezone())
        : [say`Nothing here${input.filter ? ` of that kind` : ''} yet.`]),
    )
  },
})
