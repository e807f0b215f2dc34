import { z } from 'zod'
import {
  changedOr,
  defineIncidentCommand,
  firstWord,
  Missing,
  nameIn,
  Refusal,
  say,
  strong,
  whenToChoose,
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
  form({ incident, act, vocabulary: { severities } }) {
    // Over: refused before anybody fills in the form.
    changeSeverity(incident, { severity: incident.severity }, act)
    return {
      title: 'Change the severity',
      submit: 'Change',
      fields: [
        {
          name: 'severity',
          label: 'How bad is it?',
          kind: 'choice',
          ...whenToChoose(severities),
          initial: incident.severity,
          options: severities.map(({ id, name, description }) => ({ value: id, label: name, description })),
        },
        { name: 'reason', label: 'Why?', kind: 'line', optional: true, hint: 'Needed when you lower it.' },
      ],
    }
  },
  async run({ severity: wanted, reason }, { act, change, vocabulary: { severities } }) {
    const word = wanted.toLowerCase()
    const severity = severities.find(({ id, name }) => id === word || name.toLowerCase() === word)?.id
    if (!severity)
      throw new Refusal(`There is no severity ${wanted}. Choose one of ${severities.map(({ id }) => id).join(', ')}.`)
    const rank = (one: string) => severities.findIndex(({ id }) => id === one)
    const { incident, events } = await change((now) => {
      const lowered = rank(now.severity) !== -1 && rank(severity) > rank(now.severity)
      if (lowered && !reason?.trim())
        throw new Missing('reason', `Say why it is less severe, like \`severity ${severity} only reports are late\`.`)
      return changeSeverity(now, { severity, reason: reason ?? undefined }, act)
    })
    const name = strong(nameIn(severities, severity))
    return changedOr(events, say`${incident.id} is now ${name}.`, say`${incident.id} is already ${name}.`)
  },
})
