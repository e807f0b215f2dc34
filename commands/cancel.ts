import { z } from 'zod'
import { changedOr, defineIncidentCommand, reason, refuseUnchanged, say } from '../src/conversation/command.ts'
import { cancel } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'End a false alarm',
  usage: 'cancel <why>',
  permission: 'cancel',
  examples: ['cancel a load test triggered the alert'],
  aliases: ['dismiss', 'cancelled', 'canceled'],
  input: z.object({ text: reason('cancel a load test triggered the alert') }),
  form({ incident, act }) {
    refuseUnchanged(cancel(incident, {}, act), `${incident.id} is already cancelled.`)
    return {
      title: 'Cancel the incident',
      submit: 'Cancel it',
      fields: [{ name: 'text', label: 'Why was it a false alarm?', kind: 'text' }],
    }
  },
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => cancel(now, { text }, act))
    return changedOr(events, say`${incident.id} is cancelled.`, say`${incident.id} is already ${incident.status}.`)
  },
})
