import type { Field, Form } from '../../incident/form.ts'
import { shorten } from '../../incident/measure.ts'
import type { Block } from './block.ts'
import { fromSlack } from './mrkdwn.ts'

/** What a modal must remember until it is submitted. */
export type FormPurpose = {
  command: string
  channel: string
  incident?: string
  /** Members of the input that the form does not ask for. */
  given?: Record<string, unknown>
}

export const FORM_CALLBACK = 'muster_form'

const plainText = (text: string, length: number) => ({ type: 'plain_text', text: shorten(text, length) })

/** A form as a modal. Slack: title and buttons at most 24 characters, private_metadata 3,000. */
export const modalOf = (form: Form, purpose: FormPurpose): Block => ({
  type: 'modal',
  callback_id: FORM_CALLBACK,
  private_metadata: JSON.stringify(purpose),
  title: plainText(form.title, 24),
  submit: plainText(form.submit, 24),
  close: plainText('Back', 24),
  blocks: form.fields.map((field) => ({
    type: 'input',
    block_id: field.name,
    optional: field.optional ?? false,
    // A switch says it all on its own line.
    label: plainText(field.kind === 'switch' ? (field.label.split(':')[0] as string) : field.label, 2000),
    element: elementOf(field),
    ...(field.hint ? { hint: plainText(field.hint, 2000) } : {}),
  })),
})

/** What is shown in place of a form that was submitted. */
export const replyModal = (blocks: Block[]): Block => ({
  type: 'modal',
  title: plainText('Muster', 24),
  close: plainText('Close', 24),
  blocks,
})

const elementOf = (field: Field): Block => {
  const action = { action_id: 'value' }
  const placeholder = field.placeholder ? { placeholder: plainText(field.placeholder, 150) } : {}
  switch (field.kind) {
    case 'line':
    case 'text':
      return {
        type: 'plain_text_input',
        ...action,
        ...placeholder,
        multiline: field.kind === 'text',
        max_length: 3000,
        ...(field.initial ? { initial_value: field.initial.slice(0, 3000) } : {}),
      }
    case 'choice': {
      // Slack: at most 100 options; label and value at most 75 characters.
      const options = (field.options ?? []).slice(0, 100).map(({ value, label, description }) => ({
        text: plainText(label, 75),
        value,
        ...(description ? { description: plainText(description, 75) } : {}),
      }))
      const initial = options.find(({ value }) => value === field.initial)
      return {
        type: 'static_select',
        ...action,
        ...placeholder,
        options,
        ...(initial ? { initial_option: initial } : {}),
      }
    }
    case 'person':
      return { type: 'users_select', ...action, ...(field.initial ? { initial_user: field.initial } : {}) }
    case 'date':
      return { type: 'datepicker', ...action, ...(field.initial ? { initial_date: field.initial } : {}) }
    case 'people':
      return { type: 'multi_users_select', ...action }
    case 'switch':
      return { type: 'checkboxes', ...action, options: [{ text: plainText(field.label, 75), value: 'on' }] }
    default:
      return field.kind satisfies never
  }
}

type Entered = {
  type: string
  value?: string | null
  selected_option?: { value: string } | null
  selected_user?: string | null
  selected_date?: string | null
  selected_users?: string[]
  selected_options?: unknown[]
}

/** The values of a submitted modal by field name; what was left empty is null. */
export const valuesOf = (state: Record<string, Record<string, Entered>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(state).map(([name, block]) => {
      const entered = Object.values(block)[0]
      return [name, entered ? enteredValue(entered) : null]
    }),
  )

const enteredValue = (entered: Entered): unknown => {
  switch (entered.type) {
    case 'plain_text_input':
      return entered.value ? fromSlack(entered.value) : null
    case 'static_select':
      return entered.selected_option?.value ?? null
    case 'users_select':
      return entered.selected_user ?? null
    case 'datepicker':
      return entered.selected_date ?? null
    case 'multi_users_select':
      return entered.selected_users ?? []
    case 'checkboxes':
      return (entered.selected_options ?? []).length > 0
    default:
      return null
  }
}
