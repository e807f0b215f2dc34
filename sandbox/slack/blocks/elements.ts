import { z } from 'zod'
import {
  address,
  buttonStyle,
  confirm,
  flag,
  id,
  imageElement,
  mrkdwn,
  option,
  optionGroup,
  plain,
  richOption,
} from './composition.ts'
import { richText } from './rich-text.ts'

/** Interactive elements: https://docs.slack.dev/reference/block-kit/block-elements */

const acts = { action_id: id }
const asks = { ...acts, confirm }
const chooses = { ...asks, focus_on_load: flag, placeholder: plain(150).optional() }
const writes = {
  ...acts,
  focus_on_load: flag,
  placeholder: plain(150).optional(),
  dispatch_action_config: z.looseObject({}).optional(),
}
const several = { max_selected_items: z.number().int().min(1).optional() }
const label = { accessibility_label: z.string().max(75).optional() }

const among = (options: { value: string }[] | undefined, chosen: { value: string } | undefined): boolean =>
  chosen === undefined || options === undefined || options.some(({ value }) => value === chosen.value)
const strange = { path: ['initial_option'], error: 'must match one of the provided options' }

export const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: address(3000).optional(),
  style: buttonStyle,
  ...label,
  ...asks,
})

const menu = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
}
type Menu = {
  options?: { value: string }[] | undefined
  option_groups?: { options: { value: string }[] }[] | undefined
}
const oneMenu = (element: Menu): boolean => (element.options === undefined) !== (element.option_groups === undefined)
const menuMessage = 'must define either `options` or `option_groups`'
const allOptions = (element: Menu) => element.options ?? element.option_groups?.flatMap(({ options }) => options)

const staticSelect = z
  .strictObject({ type: z.literal('static_select'), ...menu, initial_option: option.optional(), ...chooses })
  .refine(oneMenu, menuMessage)
  .refine((element) => among(allOptions(element), element.initial_option), strange)

const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...menu,
    initial_options: z.array(option).min(1).optional(),
    ...several,
    ...chooses,
  })
  .refine(oneMenu, menuMessage)

const search = { min_query_length: z.number().int().optional() }
const filter = { filter: z.looseObject({}).optional(), default_to_current_conversation: flag }
const answer = { response_url_enabled: flag }
const ids = z.array(z.string()).optional()

const selects = [
  staticSelect,
  multiStaticSelect,
  z.strictObject({ type: z.literal('external_select'), initial_option: option.optional(), ...search, ...chooses }),
  z.strictObject({ type: z.literal('users_select'), initial_user: z.string().optional(), ...chooses }),
  z.strictObject({
    type: z.literal('conversations_select'),
    initial_conversation: z.string().optional(),
    ...filter,
    ...answer,
    ...chooses,
  }),
  z.strictObject({ type: z.literal('channels_select'), initial_channel: z.string().optional(), ...answer, ...chooses }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    initial_options: z.array(option).optional(),
    ...search,
    ...several,
    ...chooses,
  }),
  z.strictObject({ type: z.literal('multi_users_select'), initial_users: ids, ...several, ...chooses }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    initial_conversations: ids,
    ...filter,
    ...several,
    ...chooses,
  }),
  z.strictObject({ type: z.literal('multi_channels_select'), initial_channels: ids, ...several, ...chooses }),
] as const

const ticks = [
  z.strictObject({
    type: z.literal('checkboxes'),
    options: z.array(richOption).min(1).max(10),
    initial_options: z.array(richOption).min(1).optional(),
    focus_on_load: flag,
    ...asks,
  }),
  z
    .strictObject({
      type: z.literal('radio_buttons'),
      options: z.array(richOption).min(1).max(10),
      initial_option: richOption.optional(),
      focus_on_load: flag,
      ...asks,
    })
    .refine((element) => among(element.options, element.initial_option), strange),
] as const

const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .optional()
const time = z
  .string()
  .regex(/^\d\d:\d\d$/)
  .optional()
const datepicker = z.strictObject({ type: z.literal('datepicker'), initial_date: date, ...chooses })
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  initial_time: time,
  timezone: z.string().optional(),
  ...chooses,
})
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  initial_date_time: z.number().int().optional(),
  focus_on_load: flag,
  ...asks,
})

const overflow = z.strictObject({
  type: z.literal('overflow'),
  options: z
    .array(option.extend({ url: address(3000).optional() }))
    .min(1)
    .max(5),
  ...asks,
})

const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  text: plain(75),
  workflow: z.looseObject({}),
  style: buttonStyle,
  ...label,
  ...acts,
})

const length = z.number().int().min(0).max(3000).optional()
const value = z.string().max(3000).optional()

/** Elements of an actions block, a section accessory, or an input. */
export const actionElements = z.discriminatedUnion('type', [
  button,
  workflowButton,
  overflow,
  datepicker,
  timepicker,
  datetimepicker,
  ...selects,
  ...ticks,
])

export const accessories = z.discriminatedUnion('type', [
  button,
  workflowButton,
  overflow,
  datepicker,
  timepicker,
  imageElement,
  ...selects,
  ...ticks,
])

export const inputElements = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    initial_value: value,
    multiline: flag,
    min_length: length,
    max_length: length,
    ...writes,
  }),
  z.strictObject({ type: z.literal('email_text_input'), initial_value: value, ...writes }),
  z.strictObject({ type: z.literal('url_text_input'), initial_value: value, ...writes }),
  z.strictObject({
    type: z.literal('number_input'),
    is_decimal_allowed: z.boolean(),
    initial_value: value,
    min_value: value,
    max_value: value,
    ...writes,
  }),
  z.looseObject({ type: z.literal('rich_text_input'), initial_value: richText.optional(), ...writes }),
  z.strictObject({
    type: z.literal('file_input'),
    filetypes: z.array(z.string()).optional(),
    ...acts,
    max_files: z.number().int().min(1).max(10).optional(),
  }),
  datepicker,
  timepicker,
  datetimepicker,
  ...selects,
  ...ticks,
])

const verdict = z.looseObject({ text: plain(75), value: z.string().max(2000) })

export const contextActionElements = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('feedback_buttons'), positive_button: verdict, negative_button: verdict, ...acts }),
  z.looseObject({ type: z.literal('icon_button'), icon: z.string(), text: plain(75), ...asks }),
])

export const contextElements = z.discriminatedUnion('type', [imageElement, plain(3000), mrkdwn(3000)])
