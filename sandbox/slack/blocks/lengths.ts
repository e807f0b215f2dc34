import type { Block } from '../client-api.ts'

/** Members whose texts people read; ids, addresses and values do not count towards a message's length. */
const shown = new Set(['text', 'title', 'subtitle', 'caption', 'label', 'name', 'alt_text', 'x_label', 'y_label'])

/** How many characters people read in these blocks. */
export const blockTextLength = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.reduce<number>((sum, member) => sum + blockTextLength(member), 0)
  return Object.entries(value).reduce(
    (sum, [name, member]) =>
      sum + (typeof member === 'string' && shown.has(name) ? member.length : blockTextLength(member)),
    0,
  )
}

/** Markdown blocks have a limit of their own, all of a message together. */
export const markdownLength = (blocks: Block[]): number =>
  blocks.reduce((sum, { type, text }) => sum + (type === 'markdown' && typeof text === 'string' ? text.length : 0), 0)
