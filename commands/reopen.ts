import { z } from 'zod'
import { changedOr, defineIncidentCommand, say } from '../src/conversation/command.ts'
import { reopen } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'It is not over',
  usage: 'reopen [text]',
  input: z.object({ text: z.string().max(3000).nullish() }),
  form: () => ({
    title: 'Reopen the incident',
    submit: 'Reopen',
    fields: [{ name: 'text', label: 'What came back?', kind: 'text', optional: true }],
  }),
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => reopen(now, { text: text ?? undefined }, act))
    return changedOr(events, say`${incident.id} is open again.`, say`${incident.id} is ${incident.status} already.`)
  },
})
