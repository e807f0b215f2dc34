import { MOST_FLAPS } from '../../incident/effects-of.ts'
import type { RecordedEvent, ReminderKind } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import { formatDuration, shorten } from '../../incident/measure.ts'
import { spans } from '../../incident/milestones.ts'
import { channel, link, type Phrase, person, say, strong, time, typed } from '../../incident/phrase.ts'
import { isActive } from '../../incident/status.ts'
import { actions, type Block, commandButton, context, section, sections } from './block.ts'
import { escapeText, mrkdwn } from './mrkdwn.ts'
import type { Message } from './post.ts'
import { STATUS_NAMES, type Words } from './summary.ts'

const severityOf = (incident: Incident, { severities }: Words) => {
  const severity = severities.find(({ id }) => id === incident.severity)
  return { name: severity?.name ?? incident.severity, emoji: severity?.emoji ?? ':large_orange_circle:' }
}

/** One line for everybody who is not in the channel; edited as things change. */
export const announcementOf = (incident: Incident, words: Words): Message => {
  const { name, emoji } = severityOf(incident, words)
  const mark = isActive(incident.status) ? emoji : ':white_check_mark:'
  const first = [
    ...say`${mark} ${strong(`${name} ${incident.id}`)} ${incident.drill ? '(drill) ' : ''}${shorten(incident.title, 300)}`,
    ...(incident.channel ? say` \u00b7 ${channel(incident.channel.id)}` : []),
  ]
  const second = [
    ...say`${STATUS_NAMES[incident.status]} \u00b7 since ${time(incident.milestones.impact_started?.at ?? incident.declaredAt)}`,
    ...(incident.roles.commander
      ? say` \u00b7 commander ${person(incident.roles.commander)}`
      : say` \u00b7 nobody in command yet`),
    ...(incident.service ? say` \u00b7 ${incident.service}` : []),
  ]
  const third = incident.latestUpdate ? typed(shorten(incident.latestUpdate, 600)) : undefined
  return {
    text: escapeText(
      `${name} ${incident.id}: ${shorten(incident.title, 600)} (${STATUS_NAMES[incident.status].toLowerCase()})`,
    ),
    blocks: [section([first, second].map(mrkdwn).join('\n')), ...(third ? [context(mrkdwn(third))] : [])],
  }
}

/** Something may be an incident: a person says. */
export const triageOf = (incident: Incident, words: Words): Message => {
  const { name } = severityOf(incident, words)
  const { alerts, alert } = incident
  const title = alert?.url ? link(alert.url, shorten(incident.title, 300)) : strong(shorten(incident.title, 300))
  const line = say`:thinking_face: ${strong(incident.id)} Is this an incident? ${title}`
  const about = [
    ...say`${alerts.total} ${alerts.total === 1 ? 'alert' : 'alerts'}, ${alerts.firing} firing \u00b7 would be ${name}`,
    ...(incident.storm && alerts.services.length > 0 ? say` \u00b7 ${servicesIn(alerts.services)}` : []),
    ...(incident.service ? say` \u00b7 ${incident.service}` : []),
    ...say` \u00b7 since ${time(incident.declaredAt)}`,
  ]
  const decided = say`${STATUS_NAMES[incident.status]}${incident.channel ? ' in ' : ''}${incident.channel ? [channel(incident.channel.id)] : ''}`
  return {
    text: escapeText(`${incident.id}: is this an incident? ${shorten(incident.title, 600)}`),
    blocks: [
      section(mrkdwn(line)),
      context(mrkdwn(about)),
      ...(incident.status === 'triage'
        ? [
            actions(
              commandButton('Declare', `accept ${incident.id}`, 'primary'),
              commandButton('Attach to \u2026', `merge ${incident.id}`),
              commandButton('Dismiss', `cancel ${incident.id}`),
            ),
          ]
        : [context(mrkdwn(decided))]),
    ],
  }
}

/** `shipping, web and 38 more services` */
const servicesIn = (services: readonly string[]): string =>
  services.length <= 3
    ? services.join(', ')
    : `${services.slice(0, 2).join(', ')} and ${services.length - 2} more services`

/** What happened, in the channel. Updates stand out, the rest is small. */
export const toldOf = (event: RecordedEvent, sentence: Phrase[], incident: Incident): Message => {
  const text = mrkdwn(sentence)
  const told =
    event.type === 'update_posted'
      ? sections(`:mega: ${text}`)
      : text.length > SMALL_CHARACTERS
        ? sections(text)
        : [context(text)]
  return { text, blocks: [...told, ...nextSteps(event, incident)] }
}

/** Slack: an element of small print holds 2,000 characters. */
const SMALL_CHARACTERS = 2_000

/** What somebody may want to do about it, at once. */
const nextSteps = (event: RecordedEvent, incident: Incident): Block[] => {
  if (!isActive(incident.status)) return []
  if (event.type === 'alert_joined')
    return [
      ...(isDamped(event, incident) ? [context('It is flapping: from now on only the summary counts how often.')] : []),
      ...(event.alert.key.length <= 1000
        ? [actions(commandButton('Split into its own incident', `split ${event.alert.key}`))]
        : []),
    ]
  if (event.type === 'alert_resolved' && incident.alerts.firing === 0)
    return [
      context('Every alert is quiet now. If the harm has ended:'),
      actions(commandButton('Resolve', 'resolve', 'primary')),
    ]
  return []
}

/** The last time that it is told; silence afterwards must not be taken for quiet. */
const isDamped = ({ again }: { again?: boolean | undefined }, { alerts }: Incident): boolean =>
  alerts.flaps >= MOST_FLAPS || (again === true && (alerts.refires ?? 0) >= MOST_FLAPS)

/** What was left undone, with the button that does it. */
export const remindedOf = ({ kind, text }: Extract<RecordedEvent, { type: 'reminded' }>): Message => ({
  text: mrkdwn(typed(text)),
  blocks: [section(`:bell: ${mrkdwn(typed(text))}`), actions(...REMINDER_BUTTONS[kind])],
})

const REMINDER_BUTTONS: Record<ReminderKind, Block[]> = {
  commander: [commandButton('Take command', 'assign commander me', 'primary')],
  update: [commandButton('Update', 'update', 'primary')],
  quiet: [commandButton('Update', 'update'), commandButton('Resolve', 'resolve')],
  actions: [commandButton('Show them', 'action list')],
}

/** The draft is there: its numbers and where to read it. */
export const postmortemOf = (
  incident: Incident,
  pages: { html: string; markdown: string; json: string } | undefined,
): Message => {
  const numbers = spans(incident.milestones).map(({ name, ms }) => `${name.toLowerCase()} ${formatDuration(ms)}`)
  const open = incident.actions.filter(({ done }) => !done).length
  return {
    text: `The postmortem draft of ${incident.id} is ready.`,
    blocks: [
      section(
        mrkdwn([
          ...say`:memo: ${strong(`The postmortem draft of ${incident.id} is ready.`)}`,
          ...(pages
            ? say` ${link(pages.html, 'Read it')} \u00b7 ${link(pages.markdown, 'Markdown')} \u00b7 ${link(pages.json, 'JSON')}`
            : say` \`muster export ${incident.id}\` writes it to a file.`),
        ]),
      ),
      context(
        mrkdwn(
          say`Version ${incident.drafts}${numbers.length > 0 ? ` \u00b7 ${numbers.join(' \u00b7 ')}` : ''} \u00b7 ${open} open action ${open === 1 ? 'item' : 'items'}. What is missing can still be added with /incident note, time, impact and action; /incident postmortem writes it again.`,
        ),
      ),
    ],
  }
}
