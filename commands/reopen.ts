import { z } from 'zod'
import { changedOr, defineIncidentCommand, reason, refuseUnchanged, say } from '../src/conversation/command.ts'
import { reopen } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Reopen an incident that is not over, or take back a merge',
  usage: 'reopen <what came back>',
  examples: ['reopen errors are back since the rollback'],
  aliases: ['reopened'],
  input: z.object({ text: reason('reopen errors are back since the rollback') }),
  form({ incident, act }) {
    refuseUnchanged(reopen(incident, {}, act), `${incident.id} is still open (${incident.status}).`)
    return {
      title: 'Reopen the incident',
      submit: 'Reopen',
      fields: [{ name: 'text', label: 'What came back?', kind: 'text' }],
    }
  },
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => reopen(now, { text }, act))
    return changedOr(
      events,
      say`${incident.id} is open again.`,
      say`${incident.id} is still open (${incident.status}).`,
    )
  },
})
