import { z } from 'zod'
import {
  defineIncidentCommand,
  firstWord,
  Mention,
  person,
  Refusal,
  say,
  strong,
  time,
} from '../src/conversation/command.ts'
import type { Incident } from '../src/incident/incident.ts'
import { requestPage, stopEscalation } from '../src/incident/page-decisions.ts'
import { findTarget } from '../src/incident/page-target.ts'

export default defineIncidentCommand({
  summary: 'Page a person, or who is on call for a service or a team',
  usage: 'page <@person|service|team|@user-group> [why]',
  permission: 'page',
  examples: ['page @dana the database is out of connections', 'page checkout', 'page Team Payments'],
  parse(text, { vocabulary: { catalogue } }) {
    const [first, rest] = firstWord(text)
    if (first.toLowerCase() === 'stop') return { whom: 'stop', message: rest }
    // Names of services and teams may have several words.
    const found = findTarget(catalogue, text)
    return found
      ? { whom: found.service.id, message: found.rest, called: found.called }
      : { whom: first, message: rest }
  },
  input: z.object({
    whom: z.string().min(1, 'mention a person, or name a service or a team'),
    message: z.string().trim().max(500, 'keep the message under 500 characters').nullish(),
    /** The team or service as it is called. */
    called: z.string().optional(),
  }),
  form({ incident, act }) {
    // Over: refused before anybody fills in the form.
    requestPage(incident, { responder: act.by }, act)
    return {
      title: 'Page somebody',
      submit: 'Page',
      fields: [
        { name: 'whom', label: 'Who?', kind: 'person' },
        { name: 'message', label: 'What should they know?', kind: 'line', optional: true },
      ],
    }
  },
  async run({ whom, message, called }, { act, change, canPage, incident, vocabulary: { catalogue } }) {
    if (whom === 'stop') {
      const page = Number(message)
      if (!Number.isFinite(page)) throw new Refusal('Use the button "Do not escalate" under the page.')
      const { events } = await change((now) => stopEscalation(now, { page }, act))
      return events.length > 0 ? say`The page is not escalated any further.` : say`That page is not being escalated.`
    }
    if (!canPage)
      throw new Refusal(
        'Muster cannot page anybody: PagerDuty is not configured. Call them, or ask whoever runs Muster to set `PAGERDUTY_API_TOKEN` and `PAGERDUTY_FROM_EMAIL`.',
      )
    if (incident.drill) throw new Refusal(`${incident.id} is a drill, and drills page nobody.`)
    const text = message ? { text: message } : {}
    const id = /^[UW][A-Z0-9]+$/.test(whom) ? whom : Mention.safeParse(whom).data
    if (id) {
      const { incident: after, events } = await change((now) => requestPage(now, { responder: id, ...text }, act))
      return events.length > 0
        ? say`Paging ${person(id)}.`
        : say`${person(id)} is being paged already${since(after, ({ responder }) => responder === id)}.`
    }
    const found = findTarget(catalogue, whom)
    if (!found)
      throw new Refusal(
        /^<!subteam/.test(whom)
          ? 'No service has that user group; add it as `slackGroup` to a service in muster.yaml, or mention a person.'
          : `There is no service or team ${whom}; mention a person, like @dana, or name one of: ${[...catalogue.keys()].slice(0, 10).join(', ') || 'none yet, add services to muster.yaml'}.`,
      )
    const { service } = found
    if (!service.pagerdutyService)
      throw new Refusal(`${service.name} has no \`pagerdutyService\` in muster.yaml; mention a person instead.`)
    const name = called ?? found.called
    const wanted = { service: service.id, name: `who is on call for ${name}`, ...text }
    const { incident: after, events } = await change((now) => requestPage(now, wanted, act))
    return events.length > 0
      ? say`Paging who is on call for ${strong(name)}.`
      : say`Who is on call for ${strong(name)} is being paged already${since(after, (page) => page.service === service.id)}.`
  },
})

/** Since when the latest such page is under way. */
const since = ({ paging = [] }: Incident, isMeant: (page: NonNullable<Incident['paging']>[number]) => boolean) => {
  const page = paging.findLast(isMeant)
  return page ? say`, since ${time(page.requestedAt)}` : []
}
