import { expect, test } from 'vitest'
import type { Form } from '../../../src/incident/form.ts'
import { modalOf, valuesOf } from '../../../src/integrations/slack/forms.ts'

const form: Form = {
  title: 'A title that is longer than Slack allows',
  submit: 'Go',
  fields: [
    { name: 'text', label: 'What happened?', kind: 'text', initial: 'x'.repeat(5_000) },
    {
      name: 'choice',
      label: 'Which?',
      kind: 'choice',
      initial: 'b',
      options: ['a', 'b'].map((value) => ({ value, label: value.repeat(100), description: '' })),
    },
    { name: 'who', label: 'Who?', kind: 'person', initial: 'U0DANA0001' },
    { name: 'drill', label: 'Drill: nobody is paged', kind: 'switch', optional: true },
  ],
}

test("a form is a modal within Slack's limits that carries its context", () => {
  const modal = modalOf(form, { command: 'note', channel: 'C1', incident: 'INC-7' })
  expect((modal.title as { text: string }).text.length).toBeLessThanOrEqual(24)
  expect(JSON.parse(modal.private_metadata as string)).toEqual({ command: 'note', channel: 'C1', incident: 'INC-7' })
  const elements = (modal.blocks as { element: Record<string, unknown> }[]).map(({ element }) => element)
  expect((elements[0]!.initial_value as string).length).toBe(3_000)
  expect(elements[1]).toMatchObject({ type: 'static_select', initial_option: { value: 'b' } })
  for (const { text } of elements[1]!.options as { text: { text: string } }[])
    expect(text.text.length).toBeLessThanOrEqual(75)
  expect(elements[2]).toMatchObject({ type: 'users_select', initial_user: 'U0DANA0001' })
})

test('submitted values are returned by name; an empty one is null, and a switch is a boolean', () => {
  expect(
    valuesOf({
      text: { value: { type: 'plain_text_input', value: 'a &lt; b' } },
      nothing: { value: { type: 'plain_text_input', value: null } },
      choice: { value: { type: 'static_select', selected_option: { value: 'b' } } },
      unchosen: { value: { type: 'static_select', selected_option: null } },
      who: { value: { type: 'users_select', selected_user: 'U0DANA0001' } },
      on: { value: { type: 'checkboxes', selected_options: [{}] } },
      off: { value: { type: 'checkboxes', selected_options: [] } },
    }),
  ).toEqual({ text: 'a < b', nothing: null, choice: 'b', unchosen: null, who: 'U0DANA0001', on: true, off: false })
})
