import type { RecordedEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import type { Labels } from '../incident/labels.ts'
import { formatDuration } from '../incident/measure.ts'
import { type Phrase, person, say, strong, typed } from '../incident/phrase.ts'
import { isActive, type Role, type Severity, STATUS_NAMES } from '../incident/status.ts'
import { timeline } from '../incident/timeline.ts'
import { nextUpdateAt } from '../incident/update.ts'
import type { Store } from '../store/store.ts'
import { type Clock, createClock } from './clock.ts'
import { namesOf } from './names.ts'
import { markdownOf, Sentence } from './text.ts'

export type StatusPageOptions = {
  store: Pick<Store, 'read' | 'events'>
  /** The name of a person; may fail or be slow, then the id appears on the page. */
  nameOf(slackUserId: string): Promise<string>
  /** The zone shown beside UTC, `Europe/Kyiv`. */
  timezone: string
  labels: Labels
  severities: readonly Severity[]
  roles: readonly Role[]
  /** The clock, epoch ms. */
  now(): number
}

/** Writes the read-only page of an incident for people who are not in its channel. */
export type StatusPages = {
  /** The current page; undefined when there is no such incident. */
  html(id: string): Promise<{ html: string; private: boolean } | undefined>
}

/** How often an open page loads itself again. */
const REFRESH_SECONDS = 30
/** The page is about now: of a long log only the newest events are read, and of those the newest lines shown. */
const EVENTS_READ = 1_000
const LINES_SHOWN = 60

/** What readers outside the response care about; the rest is in the channel and in the postmortem. */
const SHOWN = new Set<RecordedEvent['type']>([
  ...(['declared', 'alert_joined', 'role_assigned', 'status_changed', 'severity_changed', 'service_changed'] as const),
  ...(['impact_described', 'update_posted', 'noted', 'change_seen', 'milestone_set', 'first_step_checked'] as const),
  ...(['page_requested', 'page_answered', 'page_unanswered'] as const),
])

const pages = () => import('./html.ts')

export const createStatusPages = (options: StatusPageOptions): StatusPages => ({
  async html(id) {
    const incident = await options.store.read(id)
    if (!incident) return undefined
    const events = await options.store.events(id, { last: EVENTS_READ })
    const names = await namesOf(events, options.nameOf)
    const { htmlPage } = await pages()
    const html = htmlPage(statusPage(incident, events, { ...options, names, at: options.now() }), {
      title: `${incident.id}: ${incident.title}`,
      pictures: [],
      refreshSeconds: isActive(incident.status) ? REFRESH_SECONDS : undefined,
    })
    return { html, private: incident.private }
  },
})

type Written = StatusPageOptions & {
  names(actor: string): string
  /** When the page is written, epoch ms. */
  at: number
}

/** Readers of the page are outside the channel: an update shows its public text there. */
const inPublicWords = (event: RecordedEvent): RecordedEvent =>
  event.type === 'update_posted' && event.public ? { ...event, text: event.public } : event

/** The page as Markdown. */
const statusPage = (incident: Incident, events: readonly RecordedEvent[], written: Written): string => {
  const { labels, names, at, timezone } = written
  const clock = createClock(timezone, at)
  const text = (phrases: Phrase[]) =>
    markdownOf(
      new Sentence(
        phrases.map((phrase) =>
          'person' in phrase
            ? { text: names(phrase.person) }
            : 'time' in phrase
              ? { text: clock.say(phrase.time) }
              : phrase,
        ),
      ),
    )
  const { title, severity, drill } = incident
  const entries = timeline(events.map(inPublicWords), labels).filter(({ type }) => SHOWN.has(type))
  const lines = entries.slice(-LINES_SHOWN).reverse()
  const isCut = lines.length < entries.length || events.length < incident.version
  const refreshes = isActive(incident.status) ? ` This page refreshes every ${REFRESH_SECONDS} seconds.` : ''
  return [
    `# ${text(say`${labels.severity(severity)} ${incident.id}${drill ? ' (drill)' : ''}: ${title}`)}`,
    ...(incident.private ? ['> This incident is private. Do not pass this page on.'] : []),
    factsOf(incident, clock, written)
      .map((fact) => `- ${text(fact)}`)
      .join('\n'),
    '## What happened, newest first',
    lines.map((line) => `- ${clock.say(line.at)}: ${text(line.phrases)}`).join('\n'),
    ...(isCut ? ['Earlier entries are left out here.'] : []),
    '---',
    `As of ${clock.say(at)}${timezone === 'UTC' ? '' : `, ${clock.local(at)} in ${timezone}`}.${refreshes}`,
  ].join('\n\n')
}

const factsOf = (incident: Incident, clock: Clock, { labels, roles, severities, at }: Written): Phrase[][] => {
  const { status, milestones, declaredAt, impact, updatedAt, outcome, service } = incident
  const update = incident.publicUpdate ?? incident.latestUpdate
  const began = milestones.impact_started?.at ?? declaredAt
  const resolved = milestones.resolved?.at
  const lasted =
    resolved === undefined ? `for ${formatDuration(at - began)}` : `lasted ${formatDuration(resolved - began)}`
  const due = isActive(status) ? nextUpdateAt(incident, severities) : undefined
  const held = roles.filter(({ id }) => id !== 'commander' && incident.roles[id])
  return [
    say`${strong('Status')}: ${STATUS_NAMES[status]}, since ${clock.say(began)}, ${lasted}`,
    say`${strong('Impact')}: ${impact ? typed(impact) : 'not described yet'}`,
    ...(service ? [say`${strong('Service')}: ${labels.service(service)}`] : []),
    say`${strong('In command')}: ${incident.roles.commander ? person(incident.roles.commander) : 'nobody yet'}`,
    ...held.map(({ id, name }) => say`${strong(name)}: ${person(incident.roles[id] as string)}`),
    update && updatedAt !== undefined
      ? say`${strong('Latest update')} (${clock.say(updatedAt)}): ${typed(update)}`
      : say`${strong('Latest update')}: none yet`,
    ...(due === undefined
      ? []
      : [say`${strong('Next update')}: ${due < at ? 'overdue, was due' : 'due'} by ${clock.say(due)}`]),
    ...(outcome ? [say`${strong('Outcome')}: ${typed(outcome)}`] : []),
  ]
}
