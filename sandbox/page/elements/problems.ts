import type { Block, InputState } from '../../slack/client-api.ts'
import { type Element, inputBlocks, isEmpty, type Value } from './values.ts'

/** Validation errors that the Slack client reports before sending a submission: block_id -> message. */
export function problemsIn(blocks: Block[], state: InputState): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const block of inputBlocks(blocks)) {
    const { type: _, ...value } = (state[block.block_id ?? '']?.[block.element.action_id ?? ''] ?? {}) as Value
    const problem = isEmpty(value)
      ? block.optional
        ? undefined
        : 'Please complete this required field.'
      : wrongWith(block.element, value)
    if (problem && block.block_id) problems[block.block_id] = problem
  }
  return problems
}

function wrongWith(element: Element, { value }: Value): string | undefined {
  if (typeof value !== 'string') return undefined
  switch (element.type) {
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(value) ? undefined : 'Enter a valid e-mail address.'
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Enter a valid link, like https://example.com.'
    case 'number_input':
      return wrongNumber(element, value)
    default:
      return wrongLength(element, value)
  }
}

function wrongNumber({ is_decimal_allowed, min_value, max_value }: Element, value: string): string | undefined {
  const number = Number(value)
  if (!Number.isFinite(number)) return 'Enter a number.'
  if (!is_decimal_allowed && !Number.isInteger(number)) return 'Enter a whole number.'
  if (min_value !== undefined && number < Number(min_value)) return `Enter ${min_value} or more.`
  if (max_value !== undefined && number > Number(max_value)) return `Enter ${max_value} or less.`
  return undefined
}

function wrongLength({ min_length, max_length }: Element, value: string): string | undefined {
  if (min_length !== undefined && value.length < Number(min_length)) return `Enter at least ${min_length} characters.`
  if (max_length !== undefined && value.length > Number(max_length)) return `Enter at most ${max_length} characters.`
  return undefined
}
