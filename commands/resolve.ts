import { z } from 'zod'
import { changedOr, defineIncidentCommand, optionalText, refuseUnchanged, say } from '../src/conversation/command.ts'
import { resolve } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Resolve the incident: customers are no longer affected',
  usage: 'resolve [what fixed it]',
  examples: ['resolve rolled back to v41'],
  aliases: ['fixed', 'done', 'resolved'],
  input: z.object({ text: optionalText }),
  form({ incident, act }) {
    refuseUnchanged(resolve(incident, {}, act), `${incident.id} is already ${incident.status}.`)
    return {
      title: 'Resolve the incident',
      submit: 'Resolve',
      fields: [{ name: 'text', label: 'What fixed it?', kind: 'text', optional: true }],
    }
  },
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => resolve(now, { text: text ?? undefined }, act))
    return changedOr(
      events,
      say`${incident.id} is resolved. Nice work. The postmortem draft follows in a moment.`,
      say`${incident.id} is already ${incident.status}.`,
    )
  },
})
