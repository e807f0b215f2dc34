import { z } from 'zod'
import {
  code,
  defineIncidentCommand,
  firstWord,
  Mention,
  type Phrase,
  person,
  say,
  strong,
  toYou,
  typed,
  words,
} from '../src/conversation/command.ts'
import { addAction, completeAction } from '../src/incident/decide.ts'

const NUMBER = 'give the number of an action item, like `action done 2`; `action list` shows them'
const ItemNumber = z.number(NUMBER).int(NUMBER).positive(NUMBER)

export default defineIncidentCommand({
  summary: 'Add a follow-up action item, or mark one as done',
  usage: 'action <what> [@owner] | action done <number> | action list',
  examples: ['action alert on connection count @dana', 'action done 2'],
  aliases: ['todo', 'actions'],
  parse(text) {
    const [first, rest] = firstWord(text)
    if (first === 'done') return { done: Number(rest) }
    if (first === 'list') return { list: true }
    const owner = words(text).find((word) => Mention.safeParse(word).success)
    return { text: owner ? text.replace(owner, '').trim() : text, ...(owner ? { owner } : {}) }
  },
  input: z.union(
    [
      z.strictObject({ done: ItemNumber }),
      z.strictObject({ list: z.literal(true) }),
      z.strictObject({
        text: z
          .string()
          .trim()
          .min(1, 'say what needs to be done')
          .max(3000, 'keep an action item under 3,000 characters'),
        owner: z.union([Mention, z.string().regex(/^[UW][A-Z0-9]+$/)]).nullish(),
      }),
    ],
    'say what needs to be done in up to 3,000 characters, or `done` and the number of an action item',
  ),
  form: () => ({
    title: 'Add an action item',
    submit: 'Add',
    fields: [
      { name: 'text', label: 'What needs to be done?', kind: 'line' },
      { name: 'owner', label: 'Who owns it?', kind: 'person', optional: true },
    ],
  }),
  async run(input, { act, change, incident }) {
    if ('list' in input) {
      if (incident.actions.length === 0)
        return say`No action items yet. ${code('/incident action <what> @owner')} adds one.`
      return toYou(
        say`${strong(`Action items of ${incident.id}`)}`,
        ...incident.actions.map(({ id, text, owner, done }): Phrase[] => [
          ...say`${id}. ${done ? '(done) ' : ''}${typed(text)}`,
          ...(owner ? say` \u00b7 ${person(owner)}` : say` \u00b7 no owner`),
        ]),
      )
    }
    if ('done' in input) {
      await change((now) => completeAction(now, { id: input.done }, act))
      return say`Action item ${input.done} is done.`
    }
    const { incident: now } = await change((before) =>
      addAction(before, { text: input.text, owner: input.owner ?? undefined }, act),
    )
    return say`Action item ${now.actions.at(-1)?.id} added. It will be in the postmortem.`
  },
})
