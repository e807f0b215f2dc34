import { z } from 'zod'
import { changedOr, defineIncidentCommand, firstWord, optionalText, say, strong } from '../src/conversation/command.ts'
import { changeStatus } from '../src/incident/decide.ts'
import { WORKING_STATUSES } from '../src/incident/status.ts'

export default defineIncidentCommand({
  summary: 'Change the status',
  usage: `status <${WORKING_STATUSES.join('|')}> [why]`,
  examples: ['status identified the connection pool is full'],
  parse(text) {
    const [status, why] = firstWord(text)
    return { status: status.toLowerCase(), text: why }
  },
  input: z.object({
    status: z.enum(WORKING_STATUSES, {
      error: `choose one of ${WORKING_STATUSES.join(', ')}; \`resolve\` and \`cancel\` are commands of their own`,
    }),
    text: optionalText,
  }),
  form: ({ incident }) => ({
    title: 'Change the status',
    submit: 'Change',
    fields: [
      {
        name: 'status',
        label: 'Status',
        kind: 'choice',
        initial: incident.status,
        options: [
          { value: 'investigating', label: 'Investigating', description: 'The cause is not known yet' },
          { value: 'identified', label: 'Identified', description: 'The cause is known, customers are still affected' },
          {
            value: 'mitigated',
            label: 'Mitigated',
            description: 'Customers are no longer affected, the cause may remain',
          },
        ],
      },
      { name: 'text', label: 'What do you know?', kind: 'text', optional: true },
    ],
  }),
  async run({ status, text }, { act, change }) {
    const { incident, events } = await change((now) => changeStatus(now, { status, text: text ?? undefined }, act))
    return changedOr(
      events,
      say`${incident.id} is now ${strong(status)}.`,
      say`${incident.id} is already ${strong(status)}.`,
    )
  },
})
