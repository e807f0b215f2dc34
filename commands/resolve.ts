import { z } from 'zod'
import { causeField, causeTyped } from '../src/conversation/cause-field.ts'
import { changedOr, defineIncidentCommand, optionalText, refuseUnchanged, say } from '../src/conversation/command.ts'
import { nameCause, resolve } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Resolve the incident: customers are no longer affected',
  usage: 'resolve [what fixed it]',
  examples: ['resolve rolled back to v41'],
  aliases: ['fixed', 'done', 'resolved'],
  input: z.object({
    text: optionalText,
    /** Only in the form: which service was at fault. */
    cause: z.string().nullish(),
  }),
  form({ incident, act }) {
    refuseUnchanged(resolve(incident, {}, act), `${incident.id} is already ${incident.status}.`)
    return {
      title: 'Resolve the incident',
      submit: 'Resolve',
      fields: [{ name: 'text', label: 'What fixed it?', kind: 'text', optional: true }, causeField(incident)],
    }
  },
  async run({ text, cause }, { act, change, vocabulary }) {
    const service = causeTyped(cause, vocabulary.catalogue)
    const { incident, events } = await change((now) => [
      ...(service === undefined || service === now.cause?.service ? [] : nameCause(now, { service }, act)),
      ...resolve(now, { text: text ?? undefined }, act),
    ])
    return changedOr(
      events,
      say`${incident.id} is resolved. Nice work. The postmortem draft follows in a moment.`,
      say`${incident.id} is already ${incident.status}.`,
    )
  },
})
