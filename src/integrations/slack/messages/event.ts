import { MOST_FLAPS } from '../../../incident/effects-of.ts'
import type { RecordedEvent } from '../../../incident/event.ts'
import type { Incident } from '../../../incident/incident.ts'
import type { Phrase } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { actionsOnce, type Block, commandButton, context, sections } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

/** What happened, in the channel. Updates stand out, the rest is small. */
export const eventMessage = (event: RecordedEvent, sentence: Phrase[], incident: Incident): Message => {
  const text = mrkdwn(sentence)
  const shown =
    event.type === 'update_posted'
      ? sections(`:mega: ${text}`)
      : text.length > SMALL_CHARACTERS
        ? sections(text)
        : [context(text)]
  return { text, blocks: [...shown, ...nextSteps(event, incident)] }
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
        ? [actionsOnce(commandButton('Split into its own incident', `split ${event.alert.key}`))]
        : []),
    ]
  if (event.type === 'alert_resolved' && incident.alerts.firing === 0)
    return [
      context('Every alert is quiet now. If the harm has ended:'),
      actionsOnce(commandButton('Resolve', 'resolve', 'primary')),
    ]
  return []
}

/** The last time the channel hears of it; silence afterwards must not be taken for quiet. */
const isDamped = ({ again }: { again?: boolean | undefined }, { alerts }: Incident): boolean =>
  alerts.flaps >= MOST_FLAPS || (again === true && (alerts.refires ?? 0) >= MOST_FLAPS)
