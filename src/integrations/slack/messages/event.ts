import { MOST_FLAPS } from '../../../incident/effects-of.ts'
import type { RecordedEvent } from '../../../incident/event.ts'
import type { Incident } from '../../../incident/incident.ts'
import { causeKnownAfter } from '../../../incident/milestones.ts'
import type { Phrase } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { actionsOnce, type Block, commandButton, context, sections } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

/** Events in the channel. Updates are prominent, the rest is small. */
export const eventMessage = (event: RecordedEvent, sentence: Phrase[], incident: Incident): Message => {
  const identified = event.type === 'status_changed' && event.status === 'identified'
  const text = mrkdwn(identified ? [...sentence, ...causeKnownAfter(incident.milestones)] : sentence)
  const shown =
    event.type === 'update_posted'
      ? sections(`:mega: ${text}`)
      : isAlarming(event)
        ? sections(`:rotating_light: ${text}`)
        : text.length > SMALL_CHARACTERS
          ? sections(text)
          : [context(text)]
  return { text, blocks: [...shown, ...nextSteps(event, incident)] }
}

/** Slack: an element of small print holds 2,000 characters. */
const SMALL_CHARACTERS = 2_000

/** Nobody is coming, or not yet: that must not be small print. */
const isAlarming = (event: RecordedEvent): boolean =>
  event.type === 'page_unanswered' ||
  event.type === 'command_unclaimed' ||
  event.type === 'people_invited' ||
  ((event.type === 'effect_failed' || event.type === 'effect_delayed') && WAKING.has(event.effect.type))

/** Effects that wake people. */
const WAKING = new Set(['page', 'page_responder', 'escalate_page'])

/** What somebody may want to do about it, at once. */
const nextSteps = (event: RecordedEvent, incident: Incident): Block[] => {
  if (!isActive(incident.status)) return []
  if (event.type === 'page_unanswered') {
    const buttons = [
      ...(incident.roles.commander ? [] : [commandButton('Take command', 'claim commander', 'primary')]),
      ...(event.next ? [commandButton('Do not escalate', `page stop ${event.page}`)] : []),
    ]
    return buttons.length > 0 ? [actionsOnce(...buttons)] : []
  }
  if (event.type === 'command_unclaimed')
    return [
      actionsOnce(commandButton('Take command', 'claim commander', 'primary'), commandButton('Page somebody', 'page')),
    ]
  if (event.type === 'people_invited') return []
  if (event.type === 'responder_found' && !event.responder)
    return [context('They are not in this channel. A phone call or `/incident page` reaches them.')]
  if (isAlarming(event))
    return [
      context('Nobody was woken by this. Call them by phone, or page them in PagerDuty by hand.'),
      ...(event.type === 'effect_failed' ? [actionsOnce(commandButton('Try again', 'retry', 'danger'))] : []),
    ]
  if (event.type === 'access_requested' && !incident.people.includes(event.by))
    return [actionsOnce(commandButton('Let in', `access <@${event.by}>`, 'primary'))]
  if (event.type === 'alert_joined')
    return [
      ...(isDamped(event, incident) ? [context('It is flapping: from now on only the summary counts how often.')] : []),
      ...(event.alert.key.length <= 1000
        ? [actionsOnce(commandButton('Split into its own incident', `split ${event.alert.key}`))]
        : []),
    ]
  if (event.type === 'alert_resolved' && incident.alerts.firing === 0)
    return [context('Every alert is quiet now.'), actionsOnce(commandButton('Resolve', 'resolve', 'primary'))]
  return []
}

/** The last post about it in the channel; silence afterwards must not be mistaken for quiet. */
const isDamped = ({ again }: { again?: boolean | undefined }, { alerts }: Incident): boolean =>
  alerts.flaps >= MOST_FLAPS || (again === true && (alerts.refires ?? 0) >= MOST_FLAPS)
