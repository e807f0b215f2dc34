import { z } from 'zod'
import { id } from './composition.ts'

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const style = z.looseObject({}).optional()
const border = z.number().int().min(0).max(1).optional()

const piece = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string().min(1), style }),
  z.looseObject({ type: z.literal('link'), url: z.string().min(1), text: z.string().optional(), style }),
  z.looseObject({ type: z.literal('emoji'), name: z.string().min(1) }),
  z.looseObject({ type: z.literal('user'), user_id: z.string().min(1) }),
  z.looseObject({ type: z.literal('usergroup'), usergroup_id: z.string().min(1) }),
  z.looseObject({ type: z.literal('channel'), channel_id: z.string().min(1) }),
  z.looseObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']) }),
  z.looseObject({ type: z.literal('date'), timestamp: z.number(), format: z.string() }),
  z.looseObject({ type: z.literal('color'), value: z.string() }),
  z.looseObject({ type: z.literal('team'), team_id: z.string() }),
])

const section = z.looseObject({ type: z.literal('rich_text_section'), elements: z.array(piece) })

export const richText = z.looseObject({
  type: z.literal('rich_text'),
  block_id: id,
  elements: z.array(
    z.discriminatedUnion('type', [
      section,
      z.looseObject({
        type: z.literal('rich_text_list'),
        elements: z.array(section),
        style: z.enum(['bullet', 'ordered']),
        indent: z.number().int().min(0).max(8).optional(),
        border,
      }),
      z.looseObject({ type: z.literal('rich_text_quote'), elements: z.array(piece), border }),
      z.looseObject({ type: z.literal('rich_text_preformatted'), elements: z.array(piece), border }),
    ]),
  ),
})
