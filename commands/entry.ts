import { z } from 'zod'
import { code, defineIncidentCommand, firstWord, say } from '../src/conversation/command.ts'
import { editEntry, removeEntry, restoreEntry } from '../src/incident/entry-decisions.ts'

const Entry = z.number('say which entry by its number; `/incident timeline` shows them').int().positive()

export default defineIncidentCommand({
  summary: 'Correct an entry of the timeline, or take it off',
  usage: 'entry edit <number> <text> | entry remove <number> [why] | entry restore <number>',
  examples: ['entry edit 12 pool enlarged to 40', 'entry remove 13 wrong channel', 'entry restore 13'],
  parse(text) {
    const [verb, rest] = firstWord(text)
    const [number, words] = firstWord(rest)
    const seq = Number(number)
    if (verb === 'edit') return { edit: seq, text: words }
    if (verb === 'remove' || verb === 'delete') return { remove: seq, reason: words || undefined }
    return verb === 'restore' ? { restore: seq } : {}
  },
  input: z.union(
    [
      z.strictObject({ edit: Entry, text: z.string().max(12_000, 'keep it under 12,000 characters') }),
      z.strictObject({ remove: Entry, reason: z.string().max(500, 'keep it under 500 characters').optional() }),
      z.strictObject({ restore: Entry }),
    ],
    'say `edit`, `remove` or `restore` and the number of an entry, as `/incident timeline` shows it',
  ),
  async run(input, { act, change }) {
    if ('edit' in input) {
      await change((now) => editEntry(now, { seq: input.edit, text: input.text }, act))
      return say`Entry ${input.edit} now reads: ${input.text}. ${code(`/incident timeline history ${input.edit}`)} shows what it was.`
    }
    if ('remove' in input) {
      await change((now) => removeEntry(now, { seq: input.remove, reason: input.reason }, act))
      return say`Entry ${input.remove} is off the timeline. ${code(`/incident entry restore ${input.remove}`)} puts it back.`
    }
    await change((now) => restoreEntry(now, { seq: input.restore }, act))
    return say`Entry ${input.restore} is back on the timeline.`
  },
})
