import { z } from 'zod'

/**
 * The objects blocks are composed of, with Slack's limits.
 * https://docs.slack.dev/reference/block-kit/composition-objects
 */

/** A plain_text object. */
export const plain = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() })

/** A mrkdwn object. */
export const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.boolean().optional() })

export const anyText = (most: number) => z.discriminatedUnion('type', [plain(most), mrkdwn(most)])

export const id = z.string().max(255).optional()
export const flag = z.boolean().optional()
export const address = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[a-z][a-z0-9+.-]*:/i)

const style = z.enum(['primary', 'danger']).optional()

export const confirm = z
  .strictObject({
    title: plain(100).optional(),
    text: anyText(300),
    confirm: plain(30).optional(),
    deny: plain(30).optional(),
    style,
  })
  .optional()

export const buttonStyle = style

export const option = z.strictObject({
  text: plain(75),
  value: z.string().min(1).max(75),
  description: plain(75).optional(),
})

/** Options of checkboxes and radio buttons may be written in markup. */
export const richOption = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(75),
  description: anyText(75).optional(),
})

export const optionGroup = z.strictObject({ label: plain(75), options: z.array(option).min(1).max(100) })

/** Source of an image: a URL, or an uploaded file by id or URL. */
const pictureSource = {
  image_url: z.string().min(1).max(3000).optional(),
  slack_file: z
    .strictObject({
      id: z
        .string()
        .regex(/^F[A-Z0-9]{8,}$/)
        .optional(),
      url: z.string().max(3000).optional(),
    })
    .refine((file) => (file.id === undefined) !== (file.url === undefined), 'must define either `id` or `url`')
    .optional(),
}

type Picture = { image_url?: string | undefined; slack_file?: unknown }
const oneSource = (picture: Picture): boolean =>
  (picture.image_url === undefined) !== (picture.slack_file === undefined)
const sourceMessage = 'must define either `slack_file` or `image_url`'

const altText = z.string().min(1).max(2000)

export const imageElement = z
  .strictObject({ type: z.literal('image'), alt_text: altText, ...pictureSource })
  .refine(oneSource, sourceMessage)

export const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    block_id: id,
    alt_text: altText,
    title: plain(2000).optional(),
    ...pictureSource,
  })
  .refine(oneSource, sourceMessage)
