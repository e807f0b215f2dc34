import { z } from 'zod'
import { defineIncidentCommand, say, strong } from '../src/conversation/command.ts'
import { changeTitle } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Change the title',
  usage: 'title <what is broken>',
  examples: ['title checkout fails for cards from Europe'],
  aliases: ['rename'],
  input: z.object({ text: z.string().trim().min(1, 'say what is broken').max(3000, 'keep it under 3,000 characters') }),
  form: ({ incident }) => ({
    title: 'Change the title',
    submit: 'Change',
    fields: [{ name: 'text', label: 'What is broken?', kind: 'line', initial: incident.title }],
  }),
  async run({ text }, { act, change, withNames }) {
    const title = await withNames(text)
    const { incident } = await change((now) => changeTitle(now, { title }, act))
    return say`${incident.id} is now called ${strong(incident.title)}.`
  },
})
