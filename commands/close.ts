import { z } from 'zod'
import { changedOr, defineIncidentCommand, optionalText, refuseUnchanged, say } from '../src/conversation/command.ts'
import { close } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Close a resolved incident when nothing is left to do',
  usage: 'close [text]',
  permission: 'close',
  examples: ['close the postmortem is published'],
  aliases: ['archive', 'closed'],
  input: z.object({ text: optionalText }),
  form({ incident, act }) {
    refuseUnchanged(close(incident, {}, act), `${incident.id} is already closed.`)
    return {
      title: 'Close the incident',
      submit: 'Close',
      fields: [{ name: 'text', label: 'Anything to add?', kind: 'text', optional: true }],
    }
  },
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => close(now, { text: text ?? undefined }, act))
    return changedOr(events, say`${incident.id} is closed.`, say`${incident.id} is already ${incident.status}.`)
  },
})
