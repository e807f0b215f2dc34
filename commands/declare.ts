import { z } from 'zod'
import {
  code,
  defineCommand,
  firstWord,
  link,
  nameIn,
  type Phrase,
  Refusal,
  say,
  strong,
  whenToChoose,
} from '../src/conversation/command.ts'
import { serviceInTitle } from '../src/incident/service.ts'

/** `sev9`, `SEV-1`: meant as a severity, whether there is one of that name or not. */
const LIKE_A_SEVERITY = /^sev[-_]?\d+$/i
/** `--private`, `--drill`; phones and macOS turn two hyphens into a dash. */
const FLAG = /(?:^|(?<=\s))(?:--|[\u2013\u2014])([a-z]+)(?=\s|$)/gi

/** Extracts the flags from what was typed. */
const flagsOf = (given: string): { text: string; private?: true; drill?: true } => {
  const flags = [...given.matchAll(FLAG)].map((match) => (match[1] as string).toLowerCase())
  const unknown = flags.find((flag) => flag !== 'private' && flag !== 'drill')
  if (unknown) throw new Refusal(`There is no option --${unknown}. Use \`--private\` or \`--drill\`, or leave it out.`)
  return {
    text: given.replace(FLAG, '').trim(),
    ...(flags.includes('private') ? { private: true as const } : {}),
    ...(flags.includes('drill') ? { drill: true as const } : {}),
  }
}

/** Slack: a menu holds 100 options. */
const MOST_OPTIONS = 100

export default defineCommand({
  summary: 'Declare an incident',
  usage: 'declare [--private] [--drill] [sev1..sev4] <what is broken>',
  examples: ['declare checkout is slow', 'declare sev1 nobody can pay', 'declare --drill sev2 failover of payments-db'],
  aliases: ['new', 'create', 'open'],
  parse(given, { vocabulary: { severities } }) {
    const { text, ...flags } = flagsOf(given)
    const [first, rest] = firstWord(text)
    const word = first.toLowerCase()
    const severity = severities.find(({ id, name }) => id === word || name.toLowerCase() === word)
    if (!severity && LIKE_A_SEVERITY.test(first))
      throw new Refusal(`There is no severity ${first}. Choose one of ${severities.map(({ id }) => id).join(', ')}.`)
    return severity ? { title: rest, severity: severity.id, ...flags } : { title: text, ...flags }
  },
  input: z.object({
    title: z
      .string()
      .trim()
      .min(1, 'say in a few words what is broken')
      .max(12_000, 'keep the title under 12,000 characters'),
    severity: z.string().optional(),
    service: z.string().nullish(),
    private: z.boolean().default(false),
    drill: z.boolean().default(false),
    inviteOnCall: z.boolean().default(false),
    /** The message it is declared from. */
    message: z
      .object({
        channel: z.string(),
        ts: z.string(),
        text: z.string(),
        thread: z.string().optional(),
        author: z.string().optional(),
        link: z.string().optional(),
      })
      .optional(),
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
        hint: ['A guess is fine; you can change it at any time.', whenToChoose(severities).hint]
          .filter(Boolean)
          .join('\n'),
        initial: severities[Math.min(1, severities.length - 1)]?.id ?? '',
        options: severities.map(({ id, name, description }) => ({ value: id, label: name, description })),
      },
      ...(catalogue.size > 0
        ? [
            {
              name: 'service',
              label: 'Which service is affected?',
              kind: 'choice' as const,
              optional: true,
              options: [...catalogue.values()]
                .slice(0, MOST_OPTIONS)
                .map(({ id, name }) => ({ value: id, label: name })),
            },
          ]
        : []),
      { name: 'private', label: 'Private: only people who are invited can see it', kind: 'switch', optional: true },
      { name: 'inviteOnCall', label: 'If private: invite who is on call, too', kind: 'switch', optional: true },
      { name: 'drill', label: 'Drill: practice, nobody is paged', kind: 'switch', optional: true },
    ],
  }),
  async run(
    { title: typed, severity, service, private: hidden, drill, inviteOnCall, message },
    { act, channel, declare, withNames, vocabulary },
  ) {
    const title = await withNames(typed)
    const { severities, catalogue } = vocabulary
    const incident = await declare({
      title,
      severity: severity ?? severities[Math.min(1, severities.length - 1)]!.id,
      service: service ?? serviceInTitle(catalogue, title)?.id,
      private: hidden,
      drill,
      inviteOnCall: hidden && inviteOnCall,
      from: channel,
      message,
    })
    if (message && (incident.declaredBy !== act.by || incident.declaredAt !== act.at))
      return say`${strong(incident.id)} was declared from this message already${incident.channel ? say`: ${{ channel: incident.channel.id }}` : ''}.`
    const about = incident.service === undefined ? undefined : catalogue.get(incident.service)
    const id = strong(incident.id)
    const opening: Phrase[] = incident.channel
      ? say`${id} is open in ${{ channel: incident.channel.id }}.`
      : say`${id} is declared as ${nameIn(severities, incident.severity)}${about ? ` for ${about.name}` : ''}. Its channel opens in a moment, and you will be invited.`
    if (about?.runbook) return [...opening, ...say` Here is the ${link(about.runbook, `${about.name} runbook`)}.`]
    if (about || catalogue.size === 0) return opening
    return {
      lines: [
        opening,
        say`Which service is affected? ${code(`/incident service ${incident.id} <name>`)} brings its on-call, graphs and changes.`,
      ],
      to: 'you',
      next: [{ label: 'Choose the service', command: `service ${incident.id}` }],
    }
  },
})
