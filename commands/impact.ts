import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { describeImpact } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Describe who is affected, and how',
  usage: 'impact <who cannot do what>',
  examples: ['impact 30 % of checkouts fail'],
  input: z.object({
    text: z.string().trim().min(1, 'say who cannot do what').max(3000, 'keep it under 3,000 characters'),
  }),
  form: ({ incident }) => ({
    title: 'Describe the impact',
    submit: 'Save',
    fields: [
      {
        name: 'text',
        label: 'Who is affected, and how?',
        kind: 'text',
        ...(incident.impact ? { initial: incident.impact } : {}),
      },
    ],
  }),
  async run({ text }, { act, change }) {
    await change((incident) => describeImpact(incident, { text }, act))
    return say`Saved. The summary and the postmortem show it.`
  },
})
