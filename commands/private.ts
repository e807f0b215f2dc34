import { z } from 'zod'
import { defineIncidentCommand, optionalText, Refusal, say, strong } from '../src/conversation/command.ts'
import { makePrivate } from '../src/incident/privacy.ts'

export default defineIncidentCommand({
  summary: 'Make a public incident private',
  usage: 'private [why]',
  permission: 'private',
  examples: ['private customer data is involved'],
  aliases: ['hide'],
  input: z.object({ text: optionalText }),
  form({ incident, act }) {
    if (makePrivate(incident, {}, act).length === 0) throw new Refusal(`${incident.id} is already private.`)
    return {
      title: 'Make it private',
      submit: 'Make it private',
      fields: [
        {
          name: 'text',
          label: 'Why?',
          kind: 'text',
          optional: true,
          hint: 'It moves to a private channel with those who hold a role, declared it, or do this. The announcement and my messages in this channel are deleted. It cannot be made public again.',
        },
      ],
    }
  },
  async run({ text }, { act, change }) {
    const { incident, events } = await change((now) => makePrivate(now, { text: text ?? undefined }, act))
    if (events.length === 0) return say`${incident.id} is already private.`
    return say`${strong(incident.id)} is private now: its announcement and my messages are being deleted, and it continues in a private channel with you, whoever declared it and those who hold a role. What people wrote in the old channel, and Slack\u2019s own lines about its name and topic, stay readable there until an admin deletes them.`
  },
})
