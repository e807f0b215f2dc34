import { z } from 'zod'
import { defineIncidentCommand, firstWord, Mention, person, Refusal, say, strong } from '../src/conversation/command.ts'
import { requestPage } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Wake somebody through PagerDuty',
  usage: 'page <@person|service> [message]',
  examples: ['page @dana the database is out of connections', 'page checkout'],
  parse(text) {
    const [whom, message] = firstWord(text)
    return { whom, message }
  },
  input: z.object({
    whom: z.string().min(1, 'mention a person, or name a service'),
    message: z.string().trim().max(500, 'say it in at most 500 characters').nullish(),
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
        'Nobody can be paged from here: PagerDuty is not configured. Set PAGERDUTY_API_TOKEN and PAGERDUTY_FROM_EMAIL, or call them.',
      )
    if (incident.drill) throw new Refusal(`${incident.id} is a drill; a drill wakes nobody.`)
    const text = message ? { text: message } : {}
    const id = /^[UW][A-Z0-9]+$/.test(whom) ? whom : Mention.safeParse(whom).data
    if (id) {
      await change((now) => requestPage(now, { responder: id, ...text }, act))
      return say`Paging ${person(id)}.`
    }
    const wanted = whom.toLowerCase()
    const service = [...catalogue.values()].find(({ id, name, aliases }) =>
      [id, name, ...aliases].some((one) => one.toLowerCase() === wanted),
    )
    if (!service) throw new Refusal(`There is no service ${whom}; mention a person, like @dana, or name a service.`)
    if (!service.pagerdutyService)
      throw new Refusal(`${service.name} has no \`pagerdutyService\` in muster.yaml; mention a person instead.`)
    await change((now) => requestPage(now, { service: service.id, ...text }, act))
    return say`Paging who is on call for ${strong(service.name)}.`
  },
})
