import { z } from 'zod'
import { address, anyText, flag, id, imageBlock, plain } from './composition.ts'
import { accessories, actionElements, contextActionElements, contextElements, inputElements } from './elements.ts'
import { richText } from './rich-text.ts'

/** Block types in every workspace: https://docs.slack.dev/reference/block-kit/blocks */

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: id,
    text: anyText(3000).optional(),
    expand: flag,
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessories.optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'missing required field: text')

const divider = z.strictObject({ type: z.literal('divider'), block_id: id })

const context = z.strictObject({
  type: z.literal('context'),
  block_id: id,
  elements: z.array(contextElements).min(1).max(10),
})

const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: id,
  elements: z.array(actionElements).min(1).max(25),
})

const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  block_id: id,
  elements: z.array(contextActionElements).min(1).max(5),
})

const input = z.strictObject({
  type: z.literal('input'),
  block_id: id,
  label: plain(2000),
  hint: plain(2000).optional(),
  element: inputElements,
  optional: flag,
  dispatch_action: flag,
})

const markdown = z.strictObject({ type: z.literal('markdown'), block_id: id, text: z.string().min(1).max(12_000) })

const file = z.strictObject({
  type: z.literal('file'),
  block_id: id,
  external_id: z.string(),
  source: z.literal('remote'),
})

const video = z.strictObject({
  type: z.literal('video'),
  block_id: id,
  alt_text: z.string().min(1),
  title: plain(199),
  video_url: address(3000),
  thumbnail_url: address(3000),
  title_url: address(3000).optional(),
  author_name: z.string().max(49).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: z.string().optional(),
  description: plain(199).optional(),
})

const headerMembers = { type: z.literal('header'), block_id: id, text: plain(150) }

/** Header levels came with the block types of 2026. */
export const header = z.strictObject(headerMembers)
export const levelledHeader = z.strictObject({ ...headerMembers, level: z.number().int().min(1).max(4).optional() })

/** Blocks allowed on every surface. */
export const everywhere = [section, divider, context, actions, imageBlock, video, input, richText] as const
export const inMessages = [...everywhere, contextActions, markdown, file] as const

/**
 * Blocks allowed in a container. Slack's documentation also lists rich_text, input and file, but its validator rejects
 * them; only what both allow is accepted here.
 */
export const inContainers = [section, divider, context, actions, imageBlock, video, levelledHeader] as const
