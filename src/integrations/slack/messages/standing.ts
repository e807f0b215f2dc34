import { callLink } from '../../../incident/call-link.ts'
import type { RecordedEvent } from '../../../incident/event.ts'
import { openFirstSteps } from '../../../incident/first-steps.ts'
import type { Incident } from '../../../incident/incident.ts'
import { capital, formatDuration, shorten } from '../../../incident/measure.ts'
import { isOpenPage } from '../../../incident/page-state.ts'
import { channel, isPerson, link, type Phrase, person, say, strong, time, typed } from '../../../incident/phrase.ts'
import { leadOf } from '../../../incident/ranking.ts'
import { changePhrases, leadPhrases, unreadable } from '../../../incident/ranking-words.ts'
import { snapshotPhrases } from '../../../incident/sentence.ts'
import { isActive } from '../../../incident/status.ts'
import { nextUpdateAt } from '../../../incident/update.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import { STATUS_NAMES, severityNamed } from '../words.ts'

/** How many events to read for what was tried: most of a log is not written by people. */
export const EVENTS_READ = 100
const TRIED_SHOWN = 3
const ACTIONS_SHOWN = 3
const GRAPHS_SHOWN = 2
const STEPS_SHOWN = 3

/**
 * The state of an incident, for somebody who takes over or joins late, in ten lines at most: what, impact, who leads,
 * what is known, suspects, what was tried, the graphs, what is open, what is next.
 * @param latest the newest events, oldest first.
 */
export const standing = (
  incident: Incident,
  latest: readonly RecordedEvent[],
  words: Vocabulary,
  now: number,
): Phrase[][] =>
  [
    what(incident, words),
    incident.impact ? say`Impact: ${typed(shorten(incident.impact, 300))}` : say`Impact: not described yet`,
    leads(incident, words),
    incident.latestUpdate && incident.updatedAt !== undefined
      ? say`Known (${time(incident.updatedAt)}): ${typed(shorten(incident.latestUpdate, 400))}`
      : say`Known: no update has been posted yet`,
    suspects(incident),
    tried(latest),
    graphs(incident, words),
    openActions(incident),
    firstSteps(incident, words),
    next(incident, words, now),
  ].filter((line) => line.length > 0)

const what = (incident: Incident, words: Vocabulary): Phrase[] => {
  const { name, emoji } = severityNamed(incident.severity, words)
  return [
    ...say`${emoji} ${strong(`${name} ${incident.id}`)} ${incident.drill ? '(drill) ' : ''}${shorten(incident.title, 300)}`,
    ...say` \u00b7 ${STATUS_NAMES[incident.status]}, since ${time(incident.milestones.impact_started?.at ?? incident.declaredAt)}`,
    ...(incident.channel ? say` \u00b7 ${channel(incident.channel.id)}` : []),
  ]
}

const leads = (incident: Incident, words: Vocabulary): Phrase[] => {
  const { roles } = incident
  const held = words.roles.flatMap(({ id, name }) => {
    const holder = roles[id]
    return holder ? [say`${name} ${person(holder)}`] : []
  })
  const missing = roles.commander ? [] : [say`${strong('nobody is in command')}`]
  const address = callLink(words.call, incident)
  return [
    ...say`Who leads: ${separated([...missing, ...held], ', ')}`,
    ...(address ? say` \u00b7 ${link(address, 'join the call')}` : []),
  ]
}

/** As the beginning of a line. */
const capitalized = ([first, ...rest]: Phrase[]): Phrase[] =>
  first && 'text' in first ? [{ ...first, text: capital(first.text) }, ...rest] : []

/** Where to look first, and what changed just before. */
const suspects = (incident: Incident): Phrase[] => {
  const { ranking, cause } = incident
  const changed = changes(incident)
  if (cause)
    return say`Cause: ${strong(cause.service)}${cause.why ? [{ text: ': ' }, ...typed(shorten(cause.why, 200))] : ''}`
  if (!ranking || unreadable(ranking) !== undefined) return capitalized(changed)
  const lead = leadOf(ranking)
  return [
    ...say`Suspects: ${leadPhrases(ranking)}`,
    ...(lead?.change
      ? say` \u00b7 ${changePhrases(lead.change)}`
      : changed.length > 0
        ? [...say` \u00b7 `, ...changed]
        : []),
  ]
}

const changes = ({ changes: [nearest] }: Incident): Phrase[] =>
  nearest
    ? [
        ...say`changed just before: ${nearest.title}${nearest.service ? ` (${nearest.service})` : ''}, ${time(nearest.at)}`,
        ...(nearest.url ? say` \u00b7 ${link(nearest.url, 'open')}` : []),
      ]
    : []

const firstSteps = (incident: Incident, { firstSteps: rules }: Vocabulary): Phrase[] => {
  const open = openFirstSteps(incident, rules)
  const left = open.length - STEPS_SHOWN
  const shown = open.slice(0, STEPS_SHOWN).join('; ')
  return open.length > 0 ? say`To do first: ${shown}${left > 0 ? ` and ${left} more` : ''}` : []
}

/** What people wrote down: their notes, and the reasons they gave. */
const tried = (latest: readonly RecordedEvent[]): Phrase[] => {
  const lines = latest.flatMap((event) =>
    (event.type === 'noted' || event.type === 'status_changed') && isPerson(event.by) && event.text
      ? [say`${typed(shorten(event.text, 160))} (${person(event.by)}, ${time(event.at)})`]
      : [],
  )
  return lines.length > 0 ? say`Tried and seen: ${separated(lines.slice(-TRIED_SHOWN), '; ')}` : []
}

const graphs = ({ evidence }: Incident, words: Vocabulary): Phrase[] => {
  const lines = evidence
    .filter(({ standing: rank, kind }) => rank === undefined && kind !== 'missing')
    .slice(0, GRAPHS_SHOWN)
    .map((one) => [
      ...snapshotPhrases(one, words.timezone ?? 'UTC'),
      ...(one.url ? say` (${link(one.url, 'graph')})` : []),
    ])
  return lines.length > 0 ? say`Graphs: ${separated(lines, '; ')}` : []
}

const openActions = ({ actions }: Incident): Phrase[] => {
  const open = actions.filter(({ done }) => !done)
  const lines = open
    .slice(0, ACTIONS_SHOWN)
    .map(({ id, text, owner }) => say`${id}. ${typed(shorten(text, 120))} (${owner ? person(owner) : 'nobody'})`)
  const left = open.length - lines.length
  return lines.length > 0 ? say`Open actions: ${separated(lines, '; ')}${left > 0 ? ` and ${left} more` : ''}` : []
}

const next = (incident: Incident, { severities }: Vocabulary, now: number): Phrase[] => {
  const due = nextUpdateAt(incident, severities)
  const page = incident.paging?.findLast(isOpenPage)
  const lines = [
    ...(due === undefined || !isActive(incident.status)
      ? []
      : [due < now ? say`the update is ${formatDuration(now - due)} overdue` : say`update due by ${time(due)}`]),
    ...(page ? [say`${page.responder ? person(page.responder) : page.name} is paged and has not answered`] : []),
  ]
  return lines.length > 0 ? say`Next: ${separated(lines, '; ')}` : []
}

const separated = (items: readonly Phrase[][], separator: string): Phrase[] =>
  items.flatMap((item, i) => (i === 0 ? item : [{ text: separator }, ...item]))
