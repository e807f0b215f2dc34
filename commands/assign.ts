import { z } from 'zod'
import {
  type CommandReply,
  defineIncidentCommand,
  Mention,
  type Phrase,
  person,
  Refusal,
  say,
  strong,
  words,
} from '../src/conversation/command.ts'
import { assignRole } from '../src/incident/decide.ts'
import { openFirstSteps } from '../src/incident/first-steps.ts'
import { shorten } from '../src/incident/measure.ts'

/** How many of the first steps a new commander is offered. */
const STEPS_SHOWN = 5

export default defineIncidentCommand({
  summary: 'Assign a role, or take it yourself',
  usage: 'assign <role> <@person|me>',
  examples: ['assign commander me', 'assign scribe @dana'],
  aliases: ['role', 'take'],
  parse(text, { act }) {
    const [role = '', responder = 'me'] = words(text)
    return { role: role.toLowerCase(), responder: responder === 'me' ? `<@${act.by}>` : responder }
  },
  input: z.object({
    role: z.string().min(1, 'name a role').max(100, 'name a role'),
    // From a form it is the bare id.
    responder: Mention.or(z.string().regex(/^[UW][A-Z0-9]+$/, 'mention one person, like @dana, or say `me`')),
  }),
  form({ incident, vocabulary: { roles }, act }) {
    // Over: refused before anybody fills in the form.
    assignRole(incident, { role: roles[0]?.id ?? '', responder: act.by }, act)
    return {
      title: 'Assign a role',
      submit: 'Assign',
      fields: [
        {
          name: 'role',
          label: 'Role',
          kind: 'choice',
          initial: roles[0]?.id ?? '',
          options: roles.map(({ id, name, description }) => ({ value: id, label: name, description })),
        },
        { name: 'responder', label: 'Who takes it?', kind: 'person', initial: act.by },
      ],
    }
  },
  async run({ role, responder }, { act, change, vocabulary: { roles, firstSteps } }) {
    const known = roles.find(({ id, name }) => id === role || name.toLowerCase() === role || id.startsWith(role))
    if (!known) throw new Refusal(`There is no role ${role}. Choose one of ${roles.map(({ id }) => id).join(', ')}.`)
    const { incident, events } = await change((now) => assignRole(now, { role: known.id, responder }, act))
    if (events.length === 0) return say`${person(responder)} is already ${strong(known.name)}.`
    if (responder !== act.by) return say`${person(responder)} is now ${strong(known.name)}.`
    const taken = say`You are now ${strong(known.name)}. ${known.description}`
    return known.id === 'commander' ? withSteps(taken, openFirstSteps(incident, firstSteps)) : taken
  },
})

/** A new commander is offered the first steps, each with a button that ticks it. */
const withSteps = (taken: Phrase[], open: string[]): CommandReply => {
  const shown = open.slice(0, STEPS_SHOWN)
  if (shown.length === 0) return taken
  return {
    to: 'you',
    lines: [taken, say`${strong('What to do first')}`, ...shown.map((step) => say`:white_large_square: ${step}`)],
    next: shown.map((step) => ({ label: shorten(`Done: ${step}`, 75), command: `step done ${step}` })),
  }
}
