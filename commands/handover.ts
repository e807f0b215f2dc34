import { z } from 'zod'
import {
  defineIncidentCommand,
  firstWord,
  Mention,
  type Phrase,
  person,
  Refusal,
  say,
  strong,
} from '../src/conversation/command.ts'
import type { IncidentEvent } from '../src/incident/event.ts'
import { answerHandover, offerHandover, withdrawHandover } from '../src/incident/handover.ts'
import type { Role } from '../src/incident/status.ts'

const ANSWERS = ['accept', 'decline'] as const

export default defineIncidentCommand({
  summary: 'Hand your role over; it passes when the other person accepts',
  usage: 'handover <@person> [role|--all] [what they should know]',
  examples: [
    'handover @dana',
    'handover @dana communications the next update is written',
    'handover @dana --all',
    'handover withdraw',
  ],
  aliases: ['handoff'],
  parse(text, { vocabulary: { roles } }) {
    const [first, rest] = firstWord(text)
    const word = first.toLowerCase()
    const answer = ANSWERS.find((one) => one === word)
    if (answer) {
      const [handover, why] = firstWord(rest)
      return { answer, handover: Number(handover), text: why }
    }
    if (word === 'withdraw') return { answer: 'withdraw' }
    const [second, words] = firstWord(rest)
    if (/^(--|—|–)?all$/i.test(second)) return { to: first, role: 'all', text: words }
    const role = roleCalled(roles, second)
    return role ? { to: first, role: role.id, text: words } : { to: first, text: rest }
  },
  input: z.object({
    answer: z.enum([...ANSWERS, 'withdraw']).optional(),
    handover: z.number().optional(),
    // From a form it is the bare id.
    to: Mention.or(
      z.string().regex(/^[UW][A-Z0-9]+$/, 'mention the person who is to take over, like @dana'),
    ).optional(),
    role: z.string().nullish(),
    text: z.string().max(1000, 'keep it under 1,000 characters').nullish(),
  }),
  form: ({ incident, act, vocabulary: { roles } }) => {
    const held = roles.filter(({ id }) => incident.roles[id] === act.by)
    if (held.length === 0)
      throw new Refusal(
        `You hold no role in ${incident.id}, so there is nothing to hand over. \`/incident assign\` assigns one.`,
      )
    return {
      title: 'Hand over',
      submit: 'Ask them',
      fields: [
        { name: 'to', label: 'Who takes over?', kind: 'person', hint: 'The role stays with you until they accept.' },
        {
          name: 'role',
          label: 'Which role?',
          kind: 'choice',
          initial: held.length > 1 ? 'all' : (held[0]?.id ?? ''),
          options: [
            ...held.map(({ id, name }) => ({ value: id, label: name })),
            ...(held.length > 1 ? [{ value: 'all', label: 'All of them' }] : []),
          ],
        },
        {
          name: 'text',
          label: 'What should they know?',
          kind: 'text',
          optional: true,
          hint: 'They see where the incident stands, what was tried and what is open without it.',
        },
      ],
    }
  },
  async run({ answer, handover, to, role, text }, { act, change, vocabulary: { roles } }) {
    const names = (events: readonly IncidentEvent[]): Phrase =>
      strong(
        events
          .flatMap((event) =>
            event.type === 'handover_offered' || event.type === 'handover_answered' ? event.roles : [],
          )
          .map((id) => roles.find((one) => one.id === id)?.name ?? id)
          .join(' and '),
      )
    if (answer === 'withdraw') {
      const { events } = await change((now) => withdrawHandover(now, {}, act))
      return events.length > 0 ? say`The handover is withdrawn.` : say`You have no handover open.`
    }
    if (answer) {
      if (handover === undefined || !Number.isInteger(handover))
        throw new Refusal('Use the buttons under the message that asked you.')
      const wanted = { handover, accept: answer === 'accept', text: text ?? undefined }
      const { events, incident } = await change((now) => answerHandover(now, wanted, act))
      if (events.length === 0) return say`You have taken over already.`
      return answer === 'accept'
        ? say`You are now ${names(events)} of ${strong(incident.id)}${incident.channel ? say` in ${{ channel: incident.channel.id }}` : ''}.`
        : say`Declined. ${names(events)} stays where it is, and the channel is notified.`
    }
    if (!to) throw new Refusal('Mention the person who is to take over: `handover @dana`.')
    const offer = { to, all: role === 'all', role: role === 'all' ? undefined : (role ?? undefined) }
    const { events } = await change((now) => offerHandover(now, { ...offer, text: text ?? undefined }, act))
    return events.length > 0
      ? say`I am asking ${person(to)} to take over ${names(events)}. It stays with you until they accept.`
      : say`${person(to)} has been asked already; it stays with you until they accept.`
  },
})

/** By its id, its name, or the beginning of its id (`comm`), but never by nothing. */
const roleCalled = (roles: readonly Role[], word: string): Role | undefined =>
  word.length < 3
    ? undefined
    : roles.find(({ id, name }) => id.startsWith(word.toLowerCase()) || name.toLowerCase() === word.toLowerCase())
