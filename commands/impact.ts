import { z } from 'zod'
import { defineIncidentCommand, say } from '../src/conversation/command.ts'
import { describeImpact } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Say who is harmed, and how',
  usage: 'impact <who cannot do what>',
  examples: ['impact 30 % of checkouts fail'],
  input: z.object({ text: z.string().trim().min(1, 'say who cannot do what').max(3000) }),
  form: ({ incident }) => ({
    title: 'Describe the impact',
    submit: 'Save',
    fields: [
      {
        name: 'text',
        label: 'Who cannot do what?',
        kind: 'text',
        ...(incident.impact ? { initial: incident.impact } : {}),
      },
    ],
  }),
  async run({ text }, { act, change }) {
    await change((incident) => describeImpact(incident, { text }, act))
    return say`Saved; the summary and the postmortem tell it.`
  },
})
