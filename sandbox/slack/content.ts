import { type Arguments, optional, structure } from './arguments.ts'
import { blockTextLength, markdownLength } from './blocks/lengths.ts'
import type { BlockProblem } from './blocks/problems.ts'
import type { Block } from './client-api.ts'
import type { Core } from './core.ts'
import { readMetadata } from './metadata.ts'
import { refuse } from './refusal.ts'
import type { Message } from './state.ts'

/** The content of a post, an update or a reply. */
export type Content = Pick<Message, 'text'> & Pick<Partial<Message>, 'blocks' | 'attachments' | 'metadata'>

/** Slack: the text of all blocks together is limited, whatever the limits of each field. Characters. */
const maxBlockText = 13_200
const maxMarkdown = 12_000

/** Parses and validates a message's content. `maxText` limits `text`; without it the method applies its own rule. */
export const readContent = (args: Arguments, core: Core, maxText?: number): Content => {
  const markdown = optional(args, 'markdown_text')
  const text = optional(args, 'text')
  const blocks = readBlocks(args, core)
  const attachments = structure(args, 'attachments', 'invalid_attachments') as unknown[] | undefined
  const metadata = readMetadata(structure(args, 'metadata', 'invalid_metadata_format'))
  if (markdown !== undefined && (text !== undefined || blocks)) return refuse('markdown_text_conflict')
  if (markdown !== undefined && markdown.length > maxMarkdown) return refuse('msg_too_long')
  if ((attachments?.length ?? 0) > 100) return refuse('too_many_attachments')
  if (maxText !== undefined && (text?.length ?? 0) > maxText) return refuse('msg_too_long')
  return {
    text: text ?? markdown ?? '',
    ...(markdown !== undefined && { blocks: [{ type: 'markdown', block_id: 'b0', text: markdown }] }),
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
    ...(metadata && { metadata }),
  }
}

export const isEmpty = ({ text, blocks, attachments }: Content): boolean =>
  text.trim() === '' && !blocks?.length && !attachments?.length

const readBlocks = (args: Arguments, core: Core): Block[] | undefined => {
  const blocks = structure(args, 'blocks', 'invalid_blocks_format')
  if (blocks === undefined) return undefined
  if (!Array.isArray(blocks)) return refuse('invalid_blocks_format')
  refuseProblems(core.checker.blocks(blocks))
  if (tables(blocks) > 1) return refuse('only_one_table_allowed')
  if (blockTextLength(blocks) > maxBlockText) return refuse('msg_blocks_too_long')
  if (markdownLength(blocks) > maxMarkdown) return refuse('msg_blocks_too_long')
  return withIds(blocks)
}

const tables = (blocks: Block[]): number =>
  blocks.reduce(
    (count, block) =>
      count +
      (block.type === 'table' || block.type === 'data_table' ? 1 : 0) +
      (block.type === 'container' ? tables((block.child_blocks as Block[] | undefined) ?? []) : 0),
    0,
  )

export const refuseProblems = (problems: BlockProblem[]): void => {
  if (problems.length === 0) return
  const errors = problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`)
  refuse('invalid_blocks', { errors, response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) } })
}

/** Slack assigns ids to blocks and elements without one; interactions refer to them. */
export const withIds = (blocks: Block[], prefix = 'b'): Block[] =>
  blocks.map((block, index) => withActionIds({ ...block, block_id: block.block_id || `${prefix}${index}` }))

const withActionIds = (block: Block): Block => {
  let count = 0
  const complete = (element: unknown): unknown => {
    if (typeof element !== 'object' || element === null) return element
    count += 1
    return { action_id: `a${count}`, ...element }
  }
  return {
    ...block,
    ...(block.type === 'actions' && { elements: (block.elements as unknown[]).map(complete) }),
    ...(block.type === 'input' && { element: complete(block.element) }),
    ...(isRecord(block.accessory) && block.accessory.type !== 'image' && { accessory: complete(block.accessory) }),
    ...(Array.isArray(block.child_blocks) && { child_blocks: withIds(block.child_blocks, `${block.block_id}.`) }),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
