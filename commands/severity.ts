import { z } from 'zod'
import { changedOr, defineIncidentCommand, firstWord, Refusal, say, strong } from '../src/conversation/command.ts'
import { changeSeverity } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Say how bad it is',
  usage: 'severity <sev1..sev4> [why]',
  examples: ['severity sev1 checkout is down for everybody'],
  aliases: ['sev'],
  parse(text) {
    const [severity, reason] = firstWord(text)
    return { severity: severity.toLowerCase(), reason }
  },
  input: z.object({ severity: z.string(), reason: z.string().nullish() }),
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
  async run({ severity, reason }, { act, change, vocabulary: { severities } }) {
    if (!severities.some(({ id }) => id === severity))
      throw new Refusal(`There is no severity ${severity}; choose one of ${severities.map(({ id }) => id).join(', ')}.`)
    const { incident, events } = await change((now) =>
      changeSeverity(now, { severity, reason: reason ?? undefined }, act),
    )
    return changedOr(
      events,
      say`${incident.id} is now ${strong(severity)}.`,
      say`${incident.id} is ${strong(severity)} already.`,
    )
  },
})
