import type { RecordedEvent, ReminderKind } from '../../../incident/event.ts'
import { type Phrase, typed } from '../../../incident/phrase.ts'
import { actionsOnce, type Block, commandButton, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

/** What was left undone, with the button that does it. `worked` is what stopped the harm before. */
export const reminderMessage = (
  { kind, text }: Extract<RecordedEvent, { type: 'reminded' }>,
  worked: readonly Phrase[][] = [],
): Message => ({
  text: mrkdwn(typed(text)),
  blocks: [
    section(`:bell: ${mrkdwn(typed(text))}`),
    ...(worked.length > 0 ? [section(worked.map((line) => `\u2022 ${mrkdwn(line)}`).join('\n'))] : []),
    actionsOnce(...REMINDER_BUTTONS[kind]),
  ],
})

const REMINDER_BUTTONS: Record<ReminderKind, Block[]> = {
  commander: [commandButton('Take command', 'claim commander', 'primary')],
  update: [
    commandButton('Update', 'update', 'primary'),
    commandButton('Remind me in 30 min', 'update snooze 30'),
    commandButton('Not needed', 'update not needed'),
  ],
  quiet: [commandButton('Update', 'update'), commandButton('Resolve', 'resolve')],
  mitigation: [
    commandButton('It is mitigated', 'status mitigated', 'primary'),
    commandButton('What helped before', 'mitigations'),
    commandButton('Ask again in 10 min', 'mitigations snooze 10'),
  ],
  actions: [commandButton('Show them', 'action list')],
  postmortem: [
    commandButton('Edit it', 'postmortem', 'primary'),
    commandButton('Request a review', 'postmortem review'),
  ],
  // Reviewers get it by direct message.
  review: [commandButton('Edit it', 'postmortem')],
}
