import { z } from 'zod'
import {
  defineIncidentCommand,
  firstWord,
  Mention,
  person,
  Refusal,
  say,
  serviceCalled,
  strong,
} from '../src/conversation/command.ts'
import { requestPage } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Page a person or a service through PagerDuty',
  usage: 'page <@person|service> [message]',
  examples: ['page @dana the database is out of connections', 'page checkout'],
  parse(text) {
    const [whom, message] = firstWord(text)
    return { whom, message }
  },
  input: z.object({
    whom: z.string().min(1, 'mention a person, or name a service'),
    message: z.string().trim().max(500, 'keep the message under 500 characters').nullish(),
  }),
  form: () => ({
    title: 'Page somebody',
    submit: 'Page',
    fields: [
      { name: 'whom', label: 'Who?', kind: 'person' },
      { name: 'message', label: 'What should they know?', kind: 'line', optional: true },
    ],
  }),
  async run({ whom, message }, { act, change, canPage, incident, vocabulary: { catalogue } }) {
    if (!canPage)
      throw new Refusal(
        'Muster cannot page anybody: PagerDuty is not configured. Call them, or ask whoever runs Muster to set `PAGERDUTY_API_TOKEN` and `PAGERDUTY_FROM_EMAIL`.',
      )
    if (incident.drill) throw new Refusal(`${incident.id} is a drill, and drills page nobody.`)
    const text = message ? { text: message } : {}
    const id = /^[UW][A-Z0-9]+$/.test(whom) ? whom : Mention.safeParse(whom).data
    if (id) {
      await change((now) => requestPage(now, { responder: id, ...text }, act))
      return say`Paging ${person(id)}.`
    }
    const service = serviceCalled(catalogue, whom)
    if (!service) throw new Refusal(`There is no service ${whom}. Mention a person, like @dana, or name a service.`)
    if (!service.pagerdutyService)
      throw new Refusal(`${service.name} has no \`pagerdutyService\` in muster.yaml. Mention a person instead.`)
    await change((now) => requestPage(now, { service: service.id, ...text }, act))
    return say`Paging who is on call for ${strong(service.name)}.`
  },
})
