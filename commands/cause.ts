import { z } from 'zod'
import { causeField, causeTyped, LONGEST_CAUSE } from '../src/conversation/cause-field.ts'
import { changedOr, code, defineIncidentCommand, firstWord, say } from '../src/conversation/command.ts'
import { nameCause } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Record which service was at fault, and why',
  usage: 'cause <service> [why]',
  examples: ['cause mysql the pool kept idle connections', 'cause cache'],
  input: z.object({
    service: z
      .string()
      .trim()
      .min(1, 'name the service that was at fault')
      .max(LONGEST_CAUSE, `name a service in under ${LONGEST_CAUSE} characters`),
    why: z.string().trim().max(3000, 'keep it under 3,000 characters').optional(),
  }),
  parse(text) {
    const [service, why] = firstWord(text)
    return { service, why }
  },
  form: ({ incident }) => ({
    title: 'Record the cause',
    submit: 'Record',
    fields: [
      { ...causeField(incident), name: 'service', optional: false },
      { name: 'why', label: 'Why?', kind: 'text', optional: true, initial: incident.cause?.why ?? '' },
    ],
  }),
  async run({ service, why }, { act, change, vocabulary }) {
    const id = causeTyped(service, vocabulary.catalogue) ?? service
    const { events } = await change((incident) => nameCause(incident, { service: id, why }, act))
    return changedOr(
      events,
      say`Recorded; the postmortem says whether the suspect ranking was right.`,
      say`${code(id)} is recorded as the cause already.`,
    )
  },
})
