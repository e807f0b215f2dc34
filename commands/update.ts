import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { postUpdate } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Post an update for stakeholders',
  usage: 'update <text>',
  examples: ['update rolling back the 02:50 deploy, next update at 03:30'],
  input: z.object({
    text: z.string().trim().min(1, 'say what the current situation is').max(12_000, 'keep it under 12,000 characters'),
  }),
  form: ({ incident }) => ({
    title: 'Post an update',
    submit: 'Post',
    fields: [
      {
        name: 'text',
        label: 'What is the current situation?',
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
