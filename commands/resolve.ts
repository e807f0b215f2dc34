import { z } from 'zod'
import { changedOr, defineIncidentCommand, optionalText, refuseUnchanged, say } from '../src/conversation/command.ts'
import { nameCause, resolve } from '../src/incident/decide.ts'
import type { Field } from '../src/incident/form.ts'
import type { Incident } from '../src/incident/incident.ts'
import { leadOf } from '../src/incident/ranking.ts'
import { findService } from '../src/incident/service.ts'

export default defineIncidentCommand({
  summary: 'Resolve the incident: customers are no longer affected',
  usage: 'resolve [what fixed it]',
  examples: ['resolve rolled back to v41'],
  aliases: ['fixed', 'done', 'resolved'],
  input: z.object({
    text: optionalText,
    /** Only in the form: which service was at fault. */
    cause: z.string().trim().max(200, 'name a service in under 200 characters').nullish(),
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
    // A database that nobody declared may be it: any name will do.
    const service = cause ? (findService(vocabulary.catalogue, { service: cause })?.id ?? cause) : undefined
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

/** Filled in only with what a person recorded: the ranking must not confirm itself. */
const causeField = ({ cause, ranking }: Incident): Field => {
  const suspect = ranking && leadOf(ranking)?.service
  return {
    name: 'cause',
    label: 'Which service was at fault?',
    kind: 'line',
    optional: true,
    hint: `${suspect ? `The suspect ranking names ${suspect}. ` : ''}Your answer is in the postmortem, and counts how often the ranking is right.`,
    ...(cause ? { initial: cause.service } : {}),
  }
}
