import { z } from 'zod'
import { changedOr, defineIncidentCommand, firstWord, say, strong } from '../src/conversation/command.ts'
import { changeStatus } from '../src/incident/decide.ts'
import { WORKING_STATUSES } from '../src/incident/status.ts'

export default defineIncidentCommand({
  summary: 'Say where it stands',
  usage: `status <${WORKING_STATUSES.join('|')}> [why]`,
  examples: ['status identified the connection pool is full'],
  parse(text) {
    const [status, why] = firstWord(text)
    return { status: status.toLowerCase(), text: why }
  },
  input: z.object({
    status: z.enum(WORKING_STATUSES, {
      error: `choose one of ${WORKING_STATUSES.join(', ')}; \`/incident resolve\` and \`/incident cancel\` end it`,
    }),
    text: z.string().nullish(),
  }),
  form: ({ incident }) => ({
    title: 'Change the status',
    submit: 'Change',
    fields: [
      {
        name: 'status',
        label: 'Where does it stand?',
        kind: 'choice',
        initial: incident.status,
        options: [
          { value: 'investigating', label: 'Investigating', description: 'The cause is not known' },
          { value: 'identified', label: 'Identified', description: 'The cause is known, the harm goes on' },
          { value: 'mitigated', label: 'Mitigated', description: 'The harm has stopped, the cause may remain' },
        ],
      },
      { name: 'text', label: 'What is known?', kind: 'text', optional: true },
    ],
  }),
  async run({ status, text }, { act, change }) {
    const { incident, events } = await change((now) => changeStatus(now, { status, text: text ?? undefined }, act))
    return changedOr(
      events,
      say`${incident.id} is now ${strong(status)}.`,
      say`${incident.id} is ${strong(status)} already.`,
    )
  },
})
