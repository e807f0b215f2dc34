import { actionMenu } from '../../incident/action-menu.ts'
import { actionLine } from '../../incident/action-words.ts'
import type { HomeContent } from '../../incident/home.ts'
import type { Incident } from '../../incident/incident.ts'
import { formatDuration, shorten } from '../../incident/measure.ts'
import { channel, link, type Phrase, person, say, strong, time } from '../../incident/phrase.ts'
import { updateOverdueSince } from '../../incident/update.ts'
import type { Vocabulary } from '../../incident/vocabulary.ts'
import { clockIn } from '../../incident/zone.ts'
import { actions, type Block, commandButton, context, header, section } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'
import { menuRow } from './reply-message.ts'
import { STATUS_NAMES, severityNamed } from './words.ts'

/** Slack: a Home tab has at most 100 blocks; every incident and every action item is one. */
const OPEN_SHOWN = 30
const OVER_SHOWN = 10
const ITEMS_SHOWN = 20
/** Lines of one section, which holds 3,000 characters. */
const ROLES_SHOWN = 12
const OVERDUE_SHOWN = 10

/** The app's Home tab: what the viewer still has to do first, then what is open, and what was resolved lately. */
export const homeOf = (content: HomeContent, viewer: string, words: Vocabulary): Block => {
  const { over, now } = content
  const open = inOrder(content, viewer, words)
  return {
    type: 'home',
    blocks: [
      header('Muster'),
      actions(
        commandButton('Declare an incident', 'declare', 'danger'),
        commandButton('Insights', 'insights'),
        commandButton('Help', 'help'),
        ...(content.paused ? [commandButton('Resume', 'resume', 'primary')] : []),
      ),
      ...pauseState(content),
      ...myRoles(open, viewer, words),
      ...overdueUpdates(open, words, now),
      ...myItems(content, viewer, words),
      header('Open incidents'),
      ...(open.length === 0 ? [section('Nothing is burning. :relaxed:')] : []),
      ...open.slice(0, OPEN_SHOWN).map((incident) => openIncident(incident, viewer, words, now)),
      ...(open.length > OPEN_SHOWN ? [context(`and ${open.length - OPEN_SHOWN} more: \`/incident list\``)] : []),
      ...onCallNow(content),
      ...(over.length > 0 ? [header('Recently resolved')] : []),
      ...over.slice(0, OVER_SHOWN).map(overIncident),
      ...last30Days(content),
      context('`/incident` works everywhere; in an incident\u2019s channel it acts on that incident.'),
    ],
  }
}

/** Where the viewer has a role, then their own services, then the worst and newest. */
const inOrder = ({ open, services }: HomeContent, viewer: string, { severities }: Vocabulary): Incident[] => {
  const rank = ({ roles, service }: Incident): number =>
    Object.values(roles).includes(viewer) ? 0 : service !== undefined && services.includes(service) ? 1 : 2
  const severity = ({ severity: id }: Incident): number => {
    const at = severities.findIndex((one) => one.id === id)
    return at < 0 ? severities.length : at
  }
  return open.toSorted((a, b) => rank(a) - rank(b) || severity(a) - severity(b) || b.declaredAt - a.declaredAt)
}

const pauseState = ({ paused }: HomeContent): Block[] =>
  paused
    ? [
        section(
          mrkdwn(
            say`:pause_button: ${strong('Muster is paused')} until ${time(paused.until)} by ${person(paused.by)}: alerts open no incidents and nobody is paged.${paused.reason ? ` ${shorten(paused.reason, 300)}` : ''}`,
          ),
        ),
      ]
    : []

const rolesOf = (incident: Incident, viewer: string, { roles }: Vocabulary): string[] =>
  roles.filter(({ id }) => incident.roles[id] === viewer).map(({ name }) => name)

const myRoles = (open: readonly Incident[], viewer: string, words: Vocabulary): Block[] => {
  const mine = open.flatMap((incident) => {
    const held = rolesOf(incident, viewer, words)
    return held.length > 0 ? [say`${strong(held.join(' and '))} of ${named(incident)}`] : []
  })
  return mine.length > 0 ? [header('Your roles'), lines(upTo(ROLES_SHOWN, mine))] : []
}

const overdueUpdates = (open: readonly Incident[], words: Vocabulary, now: number): Block[] => {
  const overdue = open.flatMap((incident) => {
    const since = updateOverdueSince(incident, now, words.severities)
    return since === undefined ? [] : [say`${named(incident)} \u00b7 since ${time(since)}`]
  })
  return overdue.length > 0 ? [header('Updates overdue'), lines(upTo(OVERDUE_SHOWN, overdue))] : []
}

const myItems = ({ items, now }: HomeContent, viewer: string, { timezone = 'UTC' }: Vocabulary): Block[] => {
  if (items.length === 0) return []
  const today = clockIn(timezone).date(now)
  const left = items.length - ITEMS_SHOWN
  return [
    header('Your action items'),
    ...items.slice(0, ITEMS_SHOWN).map(({ incident, item }) =>
      menuRow({
        line: say`${strong(incident.id)} ${actionLine(item, today)}${where(incident)}`,
        menu: actionMenu(incident, item, viewer),
      }),
    ),
    ...(left > 0 ? [context(`and ${left} more, later or without a due day`)] : []),
  ]
}

const openIncident = (incident: Incident, viewer: string, words: Vocabulary, now: number): Block => {
  const { id, severity, drill, title, status, declaredAt, service, roles } = incident
  const mine = rolesOf(incident, viewer, words).map((name) => name.toLowerCase())
  const overdue = updateOverdueSince(incident, now, words.severities)
  const line = say`${severityNamed(severity, words).emoji} ${strong(id)} ${drill ? '(drill) ' : ''}${shorten(title, 300)}\n${[
    ...say`${STATUS_NAMES[status]} \u00b7 since ${time(declaredAt)}`,
    ...(service ? say` \u00b7 ${words.catalogue.get(service)?.name ?? service}` : []),
    ...(roles.commander ? say` \u00b7 ${person(roles.commander)}` : say` \u00b7 nobody in command`),
    ...(mine.length > 0 ? say` \u00b7 ${strong(`you are ${mine.join(' and ')}`)}` : []),
    ...(overdue === undefined ? [] : say` \u00b7 ${strong('update overdue')}`),
    ...where(incident),
  ]}`
  if (status === 'triage')
    return menuRow({
      line,
      menu: [
        { label: 'Declare it', command: `accept ${id}` },
        { label: 'Dismiss it', command: `cancel ${id}` },
      ],
    })
  return menuRow({
    line,
    menu: [
      ...(roles.commander ? [] : [{ label: 'Take command', command: `claim ${id} commander` }]),
      { label: 'Post an update', command: `update ${id}` },
      { label: 'Subscribe to updates', command: `subscribe ${id}` },
      { label: 'Timeline', command: `timeline ${id}` },
      { label: 'Action items', command: `action ${id} list` },
    ],
  })
}

const onCallNow = ({ onCall }: HomeContent): Block[] =>
  onCall.length === 0
    ? []
    : [
        header('On call now'),
        lines(
          onCall.map(({ service, people }) => {
            const names = people.flatMap(({ name, id }, i) => [
              ...(i === 0 ? [] : [{ text: ', ' }]),
              id ? person(id) : { text: name },
            ])
            return say`${strong(service)}: ${names.length > 0 ? names : 'nobody'}`
          }),
        ),
      ]

/** One line of what `/incident insights 30d` says in many. */
const last30Days = ({ lately, insightsPage }: HomeContent): Block[] => {
  if (!lately || lately.incidents === 0) return []
  const { incidents, spans, repeats } = lately
  const mitigated = spans.find(({ name }) => name === 'Time to mitigate')
  const [most] = repeats
  return [
    context(
      mrkdwn([
        ...say`Last 30 days: ${incidents} ${incidents === 1 ? 'incident' : 'incidents'}`,
        ...(mitigated
          ? say` \u00b7 median time to mitigate ${formatDuration(mitigated.median)} (known of ${mitigated.known})`
          : []),
        ...(most ? say` \u00b7 most often ${shorten(most.rule, 80)}, ${most.count} times` : []),
        ...(insightsPage ? say` \u00b7 ${link(insightsPage, 'all of it')}` : []),
      ]),
    ),
  ]
}

const overIncident = (incident: Incident): Block => {
  const at = incident.milestones.resolved?.at
  const items = incident.actions.filter(({ done }) => !done).length
  return lines([
    say`:white_check_mark: ${strong(incident.id)} ${shorten(incident.title, 300)}`,
    [
      ...say`${STATUS_NAMES[incident.status]}${at === undefined ? [] : say` \u00b7 ${time(at)}`}`,
      ...(items > 0 ? say` \u00b7 ${items} open action ${items === 1 ? 'item' : 'items'}` : []),
      ...where(incident),
    ],
  ])
}

const named = (incident: Incident): Phrase[] =>
  say`${strong(incident.id)} ${shorten(incident.title, 120)}${where(incident)}`

const where = ({ channel: opened }: Incident): Phrase[] => (opened ? say` \u00b7 ${channel(opened.id)}` : [])

const upTo = (most: number, all: Phrase[][]): Phrase[][] =>
  all.length > most ? [...all.slice(0, most), say`and ${all.length - most} more`] : all

const lines = (phrases: Phrase[][]): Block => section(phrases.map(mrkdwn).join('\n'))
