import { z } from 'zod'
import { changedOr, defineIncidentCommand, say } from '../src/conversation/command.ts'
import { cancel } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'It was a false alarm',
  usage: 'cancel [text]',
  aliases: ['dismiss'],
  input: z.object({ text: z.string().max(3000).nullish() }),
  form: () => ({
    title: 'Cancel the incident',
    submit: 'Cancel it',
    fields: [{ name: 'text', label: 'Why was it nothing?', kind: 'text', optional: true }],
  }),
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => cancel(now, { text: text ?? undefined }, act))
    return changedOr(events, say`${incident.id} is cancelled.`, say`${incident.id} is ${incident.status} already.`)
  },
})
