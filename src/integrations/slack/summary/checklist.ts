import type { Step } from '../../../incident/event.ts'
import { shorten } from '../../../incident/measure.ts'
import { isOver } from '../../../incident/status.ts'
import { actions, type Block, commandButton, context } from '../block.ts'
import { STEP_NAMES } from '../words.ts'
import type { SummarySection } from './section.ts'

/** The set-up checklist while something is pending or has failed; one quiet line afterwards. */
export const checklist: SummarySection = (incident) => {
  // In the order of the list, not in the order they finished.
  const steps = (Object.keys(STEP_NAMES) as Step[]).flatMap((name) => {
    const step = incident.steps[name]
    return step ? [[name, step] as const] : []
  })
  const failures = Object.values(incident.failures)
  // Called off half-way: what was pending will not come.
  if (isOver(incident) && failures.length === 0) return []
  if (steps.every(([, { state }]) => state === 'done') && failures.length === 0)
    return [context(`:white_check_mark: Set up: ${steps.map(([name]) => STEP_NAMES[name].toLowerCase()).join(', ')}`)]
  const failed = steps.some(([, { state }]) => state === 'failed') || failures.length > 0
  return [
    {
      type: 'plan',
      title: failed ? 'Set-up: something failed' : 'Setting up',
      tasks: steps.map(([name, { state, text }]) => ({
        type: 'task_card',
        task_id: name,
        title: STEP_NAMES[name],
        status: state === 'done' ? 'complete' : state === 'failed' ? 'error' : 'in_progress',
        ...(text ? { details: richText(shorten(text, 300)) } : {}),
      })),
    },
    ...(failed ? [actions(commandButton('Try again', 'retry', 'danger'))] : []),
  ]
}

/** Slack ids in a step's text are people, shown by name. */
const PERSON_ID = /\b([UW][A-Z0-9]{6,})\b/

const richText = (text: string): Block => ({
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: text
        .split(PERSON_ID)
        .flatMap((part, i) =>
          part === '' ? [] : [i % 2 === 1 ? { type: 'user', user_id: part } : { type: 'text', text: part }],
        ),
    },
  ],
})
