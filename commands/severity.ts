import { z } from 'zod'
import {
  changedOr,
  defineIncidentCommand,
  firstWord,
  nameIn,
  Refusal,
  say,
  strong,
} from '../src/conversation/command.ts'
import { changeSeverity } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Change the severity',
  usage: 'severity <sev1..sev4> [why]',
  permission: 'severity',
  examples: ['severity sev1 checkout is down for everybody'],
  aliases: ['sev'],
  parse(text) {
    const [severity, reason] = firstWord(text)
    return { severity, reason }
  },
  input: z.object({
    severity: z.string('name a severity'),
    reason: z.string().max(3000, 'keep the reason under 3,000 characters').nullish(),
  }),
  form: ({ incident, vocabulary: { severities } }) => ({
    title: 'Change the severity',
    submit: 'Change',
    fields: [
      {
        name: 'severity',
        label: 'How bad is it?',
        kind: 'choice',
        initial: incident.severity,
        options: severities.map(({ id, name, description }) => ({ value: id, label: name, description })),
      },
      { name: 'reason', label: 'Why?', kind: 'line', optional: true },
    ],
  }),
  async run({ severity: wanted, reason }, { act, change, vocabulary: { severities } }) {
    const word = wanted.toLowerCase()
    const severity = severities.find(({ id, name }) => id === word || name.toLowerCase() === word)?.id
    if (!severity)
      throw new Refusal(`There is no severity ${wanted}. Choose one of ${severities.map(({ id }) => id).join(', ')}.`)
    const { incident, events } = await change((now) =>
      changeSeverity(now, { severity, reason: reason ?? undefined }, act),
    )
    const name = strong(nameIn(severities, severity))
    return changedOr(events, say`${incident.id} is now ${name}.`, say`${incident.id} is already ${name}.`)
  },
})
