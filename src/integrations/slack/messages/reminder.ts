import type { RecordedEvent, ReminderKind } from '../../../incident/event.ts'
import { typed } from '../../../incident/phrase.ts'
import { actionsOnce, type Block, commandButton, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

/** What was left undone, with the button that does it. */
export const reminderMessage = ({ kind, text }: Extract<RecordedEvent, { type: 'reminded' }>): Message => ({
  text: mrkdwn(typed(text)),
  blocks: [section(`:bell: ${mrkdwn(typed(text))}`), actionsOnce(...REMINDER_BUTTONS[kind])],
})

const REMINDER_BUTTONS: Record<ReminderKind, Block[]> = {
  commander: [commandButton('Take command', 'claim commander', 'primary')],
  update: [
    commandButton('Update', 'update', 'primary'),
    commandButton('Remind me in 30 min', 'update snooze 30'),
    commandButton('Not needed', 'update not needed'),
  ],
  quiet: [commandButton('Update', 'update'), commandButton('Resolve', 'resolve')],
  actions: [commandButton('Show them', 'action list')],
  postmortem: [
    commandButton('Edit it', 'postmortem', 'primary'),
    commandButton('Request a review', 'postmortem review'),
  ],
  // Reviewers get it by direct message.
  review: [commandButton('Edit it', 'postmortem')],
}
