import { z } from 'zod'
import { changedOr, defineIncidentCommand, say } from '../src/conversation/command.ts'
import { close } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Nothing is left to do',
  usage: 'close [text]',
  aliases: ['archive'],
  input: z.object({ text: z.string().max(3000).nullish() }),
  form: () => ({
    title: 'Close the incident',
    submit: 'Close',
    fields: [{ name: 'text', label: 'What came of it?', kind: 'text', optional: true }],
  }),
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => close(now, { text: text ?? undefined }, act))
    return changedOr(events, say`${incident.id} is closed.`, say`${incident.id} is ${incident.status} already.`)
  },
})
