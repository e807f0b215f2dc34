import { z } from 'zod'
import { changedOr, defineIncidentCommand, say } from '../src/conversation/command.ts'
import { resolve } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'The harm has ended',
  usage: 'resolve [text]',
  aliases: ['fixed', 'done'],
  input: z.object({ text: z.string().max(3000).nullish() }),
  form: () => ({
    title: 'Resolve the incident',
    submit: 'Resolve',
    fields: [{ name: 'text', label: 'What was done about it?', kind: 'text', optional: true }],
  }),
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => resolve(now, { text: text ?? undefined }, act))
    return changedOr(
      events,
      say`${incident.id} is resolved. The postmortem draft follows in a moment.`,
      say`${incident.id} is ${incident.status} already.`,
    )
  },
})
