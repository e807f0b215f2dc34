import { z } from 'zod'
import { changedOr, code, defineIncidentCommand, firstWord, say } from '../src/conversation/command.ts'
import { nameCause } from '../src/incident/decide.ts'
import { findService } from '../src/incident/service.ts'

export default defineIncidentCommand({
  summary: 'Record which service was at fault, and why',
  usage: 'cause <service> [why]',
  examples: ['cause mysql the pool kept idle connections', 'cause cache'],
  input: z.object({
    service: z
      .string()
      .trim()
      .min(1, 'name the service that was at fault')
      .max(200, 'name a service in under 200 characters'),
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
      {
        name: 'service',
        label: 'Which service was at fault?',
        kind: 'text',
        ...(initialOf(incident) ? { initial: initialOf(incident) as string } : {}),
      },
      { name: 'why', label: 'Why?', kind: 'text', optional: true },
    ],
  }),
  async run({ service, why }, { act, change, vocabulary }) {
    // The cause may be an undeclared database: any name is accepted.
    const id = findService(vocabulary.catalogue, { service })?.id ?? service
    const { events } = await change((incident) => nameCause(incident, { service: id, why }, act))
    return changedOr(
      events,
      say`Recorded; the postmortem says whether the suspect ranking was right.`,
      say`${code(id)} is recorded as the cause already.`,
    )
  },
})

type Named = { cause?: { service: string }; ranking?: { suspects: readonly { service: string }[] } }

/** What is recorded, or else the first suspect. */
const initialOf = ({ cause, ranking }: Named): string | undefined => cause?.service ?? ranking?.suspects[0]?.service
