/** Views with every input: a modal, a pushed modal, and a Home tab. */
import type { View } from '@slack/types'
import { mrkdwn, option, tables, words } from './gallery.ts'

export const form = {
  type: 'modal',
  callback_id: 'declare',
  title: words('Declare an incident'),
  submit: words('Declare'),
  close: words('Not now'),
  blocks: [
    { type: 'alert', level: 'warning', text: mrkdwn('Two incidents on *Shipping* are open already.') },
    {
      type: 'input',
      block_id: 'title',
      label: words('What is happening?'),
      hint: words('One line; it becomes the channel’s name.'),
      element: {
        type: 'plain_text_input',
        action_id: 'value',
        max_length: 120,
        placeholder: words('Customers cannot pay'),
      },
    },
    {
      type: 'input',
      block_id: 'severity',
      label: words('Severity'),
      element: {
        type: 'static_select',
        action_id: 'value',
        placeholder: words('How bad is it?'),
        option_groups: [
          {
            label: words('Wakes people'),
            options: [option('SEV-1', 'sev1', 'Everything is down'), option('SEV-2', 'sev2', 'Many customers notice')],
          },
          { label: words('Waits for the morning'), options: [option('SEV-3', 'sev3'), option('SEV-4', 'sev4')] },
        ],
      },
    },
    {
      type: 'input',
      block_id: 'people',
      optional: true,
      label: words('Who should be in?'),
      element: { type: 'multi_users_select', action_id: 'value', placeholder: words('People'), max_selected_items: 3 },
    },
    {
      type: 'input',
      block_id: 'services',
      optional: true,
      label: words('Services'),
      element: {
        type: 'multi_static_select',
        action_id: 'value',
        placeholder: words('Services'),
        options: ['web', 'shipping', 'ratings', 'payment'].map((name) => option(name, name)),
      },
    },
    {
      type: 'input',
      block_id: 'private',
      optional: true,
      label: words('Who may see it?'),
      element: {
        type: 'radio_buttons',
        action_id: 'value',
        options: [option('Everybody', 'public'), option('Only those invited', 'private', 'Nothing is announced')],
        initial_option: option('Everybody', 'public'),
      },
    },
    {
      type: 'input',
      block_id: 'notify',
      optional: true,
      label: words('Also tell'),
      element: {
        type: 'checkboxes',
        action_id: 'value',
        options: [option('Support', 'support'), option('Management', 'management')],
      },
    },
    {
      type: 'input',
      block_id: 'since',
      optional: true,
      label: words('Since when?'),
      element: { type: 'datetimepicker', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'day',
      optional: true,
      label: words('Day'),
      element: { type: 'datepicker', action_id: 'value', initial_date: '2026-11-21' },
    },
    {
      type: 'input',
      block_id: 'time',
      optional: true,
      label: words('Time'),
      element: { type: 'timepicker', action_id: 'value', initial_time: '03:04' },
    },
    {
      type: 'input',
      block_id: 'where',
      optional: true,
      label: words('Announce in'),
      element: { type: 'conversations_select', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'channel',
      optional: true,
      label: words('Channel'),
      element: { type: 'channels_select', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'mail',
      optional: true,
      label: words('Contact'),
      element: { type: 'email_text_input', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'link',
      optional: true,
      label: words('Link'),
      element: { type: 'url_text_input', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'percent',
      optional: true,
      label: words('Customers affected, %'),
      element: { type: 'number_input', action_id: 'value', is_decimal_allowed: true, min_value: '0', max_value: '100' },
    },
    {
      type: 'input',
      block_id: 'notes',
      optional: true,
      label: words('What do you know so far?'),
      element: { type: 'plain_text_input', action_id: 'value', multiline: true },
    },
  ],
} as unknown as View

export const details = {
  type: 'modal',
  callback_id: 'details',
  title: words('Details'),
  close: words('Back'),
  blocks: [{ type: 'section', text: mrkdwn('A view on top of another.') }],
} as unknown as View

export const home = {
  type: 'home',
  blocks: [
    { type: 'header', text: words('Open incidents') },
    ...tables,
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'declare', style: 'primary', text: words('Declare an incident') }],
    },
  ],
} as unknown as View
