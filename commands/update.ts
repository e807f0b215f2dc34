import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { postUpdate } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Tell everybody where things stand',
  usage: 'update <what is known, what is being done, when the next update comes>',
  input: z.object({ text: z.string().trim().min(1, 'say where things stand').max(12_000) }),
  form: ({ incident }) => ({
    title: 'Post an update',
    submit: 'Post',
    fields: [
      {
        name: 'text',
        label: 'Where do things stand?',
        kind: 'text',
        placeholder: 'What is known, what is being done, when the next update comes.',
        ...(incident.latestUpdate ? { hint: `Last time: ${incident.latestUpdate.slice(0, 140)}` } : {}),
      },
    ],
  }),
  async run({ text }, { act, change }) {
    const { incident } = await change((now) => postUpdate(now, { text }, act))
    return say`Recorded. I am posting it here${incident.messages.announcement ? ' and where the incident is announced' : ''}.`
  },
})
