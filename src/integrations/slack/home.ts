import type { ActionItem } from '../../incident/action-item.ts'
import type { Incident } from '../../incident/incident.ts'
import { shorten } from '../../incident/measure.ts'
import { channel, type Phrase, person, say, strong, time, typed } from '../../incident/phrase.ts'
import type { Vocabulary } from '../../incident/vocabulary.ts'
import { actions, type Block, commandButton, context, header, section } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'
import { STATUS_NAMES, severityNamed } from './words.ts'

/** Slack: a Home tab has at most 100 blocks; every incident is one, all action items together are one. */
const OPEN_SHOWN = 30
const OVER_SHOWN = 10
const ITEMS_SHOWN = 15

/** What one person may see, newest first. */
export type HomeContent = { open: readonly Incident[]; over: readonly Incident[] }

/** The app's Home tab: what is open, what the viewer still has to do, and what was resolved lately. */
export const homeOf = ({ open, over }: HomeContent, viewer: string, words: Vocabulary): Block => ({
  type: 'home',
  blocks: [
    header('Muster'),
    actions(commandButton('Declare an incident', 'declare', 'danger'), commandButton('Help', 'help')),
    { type: 'divider' },
    header('Open incidents'),
    ...(open.length === 0 ? [section('Nothing is burning. :relaxed:')] : []),
    ...open.slice(0, OPEN_SHOWN).map((incident) => openIncident(incident, viewer, words)),
    ...(open.length > OPEN_SHOWN ? [context(`and ${open.length - OPEN_SHOWN} more: \`/incident list\``)] : []),
    ...actionItems([...open, ...over], viewer),
    ...(over.length > 0 ? [header('Recently resolved')] : []),
    ...over.slice(0, OVER_SHOWN).map(overIncident),
    context('`/incident` works everywhere; in an incident\u2019s channel it acts on that incident.'),
  ],
})

const openIncident = (incident: Incident, viewer: string, words: Vocabulary): Block => {
  const { commander } = incident.roles
  const mine = words.roles.filter(({ id }) => incident.roles[id] === viewer).map(({ name }) => name.toLowerCase())
  return lines(
    say`${severityNamed(incident.severity, words).emoji} ${strong(incident.id)} ${incident.drill ? '(drill) ' : ''}${shorten(incident.title, 300)}`,
    [
      ...say`${STATUS_NAMES[incident.status]} \u00b7 since ${time(incident.declaredAt)}`,
      ...(commander ? say` \u00b7 ${person(commander)}` : say` \u00b7 nobody in command`),
      ...(mine.length > 0 ? say` \u00b7 ${strong(`you are ${mine.join(' and ')}`)}` : []),
      ...where(incident),
    ],
  )
}

const overIncident = (incident: Incident): Block => {
  const at = incident.milestones.resolved?.at
  const items = incident.actions.filter(({ done }) => !done).length
  return lines(say`:white_check_mark: ${strong(incident.id)} ${shorten(incident.title, 300)}`, [
    ...say`${STATUS_NAMES[incident.status]}${at === undefined ? [] : say` \u00b7 ${time(at)}`}`,
    ...(items > 0 ? say` \u00b7 ${items} open action ${items === 1 ? 'item' : 'items'}` : []),
    ...where(incident),
  ])
}

const actionItems = (incidents: readonly Incident[], viewer: string): Block[] => {
  const mine = incidents.flatMap((incident) =>
    incident.actions.filter(({ owner, done }) => owner === viewer && !done).map((item) => actionItem(incident, item)),
  )
  if (mine.length === 0) return []
  const left = mine.length - ITEMS_SHOWN
  const shown = left > 0 ? [...mine.slice(0, ITEMS_SHOWN), say`and ${left} more`] : mine
  return [header('Your action items'), lines(...shown)]
}

const actionItem = (incident: Incident, { id, text }: ActionItem): Phrase[] =>
  say`\u2022 ${typed(shorten(text, 150))} \u00b7 ${strong(incident.id)} item ${id}${where(incident)}`

const where = ({ channel: opened }: Incident): Phrase[] => (opened ? say` \u00b7 ${channel(opened.id)}` : [])

const lines = (...phrases: Phrase[][]): Block => section(phrases.map(mrkdwn).join('\n'))
