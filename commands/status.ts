import { z } from 'zod'
import {
  changedOr,
  defineIncidentCommand,
  firstWord,
  optionalText,
  say,
  strong,
  whenToChoose,
} from '../src/conversation/command.ts'
import { changeStatus } from '../src/incident/decide.ts'
import { capital } from '../src/incident/measure.ts'
import { WORKING_STATUSES } from '../src/incident/status.ts'

const MEANINGS = {
  investigating: 'The cause is not known yet',
  identified: 'The cause is known, customers are still affected',
  mitigated: 'Customers are no longer affected, the cause may remain',
}

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
  form({ incident, act, vocabulary: { statuses = {} } }) {
    // Over: refused before anybody fills in the form.
    changeStatus(incident, { status: 'investigating' }, act)
    return {
      title: 'Change the status',
      submit: 'Change',
      fields: [
        {
          name: 'status',
          label: 'Status',
          kind: 'choice',
          initial: incident.status,
          ...whenToChoose(WORKING_STATUSES.map((id) => ({ name: capital(id), chooseWhen: statuses[id]?.chooseWhen }))),
          options: WORKING_STATUSES.map((id) => ({
            value: id,
            label: capital(id),
            description: statuses[id]?.description ?? MEANINGS[id],
          })),
        },
        { name: 'text', label: 'What do you know?', kind: 'text', optional: true },
      ],
    }
  },
  async run({ status, text }, { act, change }) {
    const { incident, events } = await change((now) => changeStatus(now, { status, text: text ?? undefined }, act))
    return changedOr(
      events,
      say`${incident.id} is now ${strong(status)}.`,
      say`${incident.id} is already ${strong(status)}.`,
    )
  },
})
