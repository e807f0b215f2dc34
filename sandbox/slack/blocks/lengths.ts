import type { Block } from '../client-api.ts'

/** Members with visible text; ids, URLs and values do not count towards a message's length. */
const shown = new Set(['text', 'title', 'subtitle', 'caption', 'label', 'name', 'alt_text', 'x_label', 'y_label'])

/** Number of visible characters in blocks. */
export const blockTextLength = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.reduce<number>((sum, member) => sum + blockTextLength(member), 0)
  return Object.entries(value).reduce(
    (sum, [name, member]) =>
      sum + (typeof member === 'string' && shown.has(name) ? member.length : blockTextLength(member)),
    0,
  )
}

/** Slack: all markdown blocks of a message share a limit. */
export const markdownLength = (blocks: Block[]): number =>
  blocks.reduce((sum, { type, text }) => sum + (type === 'markdown' && typeof text === 'string' ? text.length : 0), 0)
