import { z } from 'zod'
import { defineCommand, firstWord, link, say, strong } from '../src/conversation/command.ts'

export default defineCommand({
  summary: 'Open an incident',
  usage: 'declare [sev1..sev4] <what is broken>',
  examples: ['declare checkout is slow', 'declare sev1 nobody can pay'],
  aliases: ['new', 'create', 'open'],
  parse(text, { vocabulary }) {
    const [first, rest] = firstWord(text)
    const severity = vocabulary.severities.find(({ id }) => id === first.toLowerCase())
    return severity ? { title: rest, severity: severity.id } : { title: text }
  },
  input: z.object({
    title: z.string().trim().min(1, 'say in a few words what is broken').max(12_000),
    severity: z.string().optional(),
    service: z.string().nullish(),
    private: z.boolean().default(false),
    drill: z.boolean().default(false),
  }),
  form: ({ vocabulary: { severities, catalogue } }) => ({
    title: 'Declare an incident',
    submit: 'Declare',
    fields: [
      { name: 'title', label: 'What is broken?', kind: 'line', placeholder: 'Checkout is slow' },
      {
        name: 'severity',
        label: 'How bad is it?',
        kind: 'choice',
        hint: 'A guess will do; it can be changed at any time.',
        initial: severities[Math.min(1, severities.length - 1)]?.id ?? '',
        options: severities.map(({ id, name, description }) => ({ value: id, label: name, description })),
      },
      ...(catalogue.size > 0
        ? [
            {
              name: 'service',
              label: 'Which service?',
              kind: 'choice' as const,
              optional: true,
              options: [...catalogue.values()].map(({ id, name }) => ({ value: id, label: name })),
            },
          ]
        : []),
      { name: 'private', label: 'Private: only people who are invited see it', kind: 'switch', optional: true },
      { name: 'drill', label: 'Drill: practise, nobody is paged', kind: 'switch', optional: true },
    ],
  }),
  async run({ title: said, severity, service, private: hidden, drill }, { channel, declare, inWords, vocabulary }) {
    const title = await inWords(said)
    const { severities, catalogue } = vocabulary
    const incident = await declare({
      title,
      severity: severity ?? severities[Math.min(1, severities.length - 1)]!.id,
      service: service ?? serviceNamed(title, [...catalogue.keys()]),
      private: hidden,
      drill,
      from: channel,
    })
    if (incident.channel) return say`${strong(incident.id)} is open in ${{ channel: incident.channel.id }}.`
    const page = catalogue.get(incident.service ?? '')?.runbook
    return [
      ...say`${strong(incident.id)} is declared. I am opening its channel and will invite you in a moment.`,
      ...(page ? say` The ${link(page, 'runbook')} of ${incident.service} may help.` : []),
    ]
  },
})

/** "checkout is slow" is about the service `checkout`, when there is one. */
const serviceNamed = (title: string, services: string[]): string | undefined => {
  const words = title.toLowerCase().split(/[^a-z0-9_.-]+/)
  return services.find((id) => words.includes(id.toLowerCase()))
}
