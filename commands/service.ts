import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { defineIncidentCommand, Refusal, say, serviceCalled, strong } from '../src/conversation/command.ts'
import { changeService } from '../src/incident/decide.ts'

/** Slack: a menu holds 100 options. */
const MOST_OPTIONS = 100
/** Maximum edit distance for suggesting a name. */
const NEAR = 3

export default defineIncidentCommand({
  summary: 'Set the affected service',
  usage: 'service <name>',
  examples: ['service checkout'],
  aliases: ['affects'],
  input: z.object({ text: z.string().trim().min(1, 'name a service').max(200, 'name a service') }),
  form({ incident, vocabulary: { catalogue } }) {
    if (catalogue.size === 0)
      throw new Refusal('The service catalogue is empty. Whoever runs Muster can list `services` in muster.yaml.')
    return {
      title: 'Set the service',
      submit: 'Set',
      fields: [
        {
          name: 'text',
          label: 'Which service is affected?',
          kind: 'choice',
          hint: 'Its on-call is looked up, and its graphs and recent changes are fetched.',
          ...(incident.service !== undefined && catalogue.has(incident.service) ? { initial: incident.service } : {}),
          options: [...catalogue.values()].slice(0, MOST_OPTIONS).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
    }
  },
  async run({ text }, { act, change, vocabulary: { catalogue } }) {
    const service = serviceCalled(catalogue, text)
    if (!service) {
      const names = [...catalogue.keys()]
      const nearest = names.length > 0 ? closest(text.toLowerCase(), names) : undefined
      const hint = nearest && distance(text.toLowerCase(), nearest) <= NEAR ? ` Did you mean \`${nearest}\`?` : ''
      throw new Refusal(`There is no service ${text} in the catalogue.${hint} \`/incident service\` lists them.`)
    }
    const { incident, events } = await change((now) => changeService(now, { service: service.id }, act))
    return events.length > 0
      ? say`${incident.id} is now about ${strong(service.name)}. Looking up who is on call, graphs and recent changes.`
      : say`${incident.id} is already about ${strong(service.name)}.`
  },
})
