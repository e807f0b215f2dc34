import { z } from 'zod'
import { defineIncidentCommand, Mention, person, Refusal, say, strong, words } from '../src/conversation/command.ts'
import { assignRole } from '../src/incident/decide.ts'

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
  form: ({ vocabulary: { roles }, act }) => ({
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
  }),
  async run({ role, responder }, { act, change, vocabulary: { roles } }) {
    const known = roles.find(({ id, name }) => id === role || name.toLowerCase() === role || id.startsWith(role))
    if (!known) throw new Refusal(`There is no role ${role}. Choose one of ${roles.map(({ id }) => id).join(', ')}.`)
    const { events } = await change((now) => assignRole(now, { role: known.id, responder }, act))
    if (events.length === 0) return say`${person(responder)} is already ${strong(known.name)}.`
    return responder === act.by
      ? say`You are now ${strong(known.name)}. ${known.description}`
      : say`${person(responder)} is now ${strong(known.name)}.`
  },
})
