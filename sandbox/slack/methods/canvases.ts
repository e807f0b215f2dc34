import { type Arguments, optional, required, structure } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import { refuse, refuseArguments } from '../refusal.ts'
import type { Canvas } from '../state.ts'
import { openChannelArgument } from './lookup.ts'

const longestMarkdown = 1_048_576
const mostCells = 300

type Criteria = { section_types?: string[]; contains_text?: string }

/** Canvases: one per channel; edits at the start or the end, or of the whole document. */
export const canvasMethods: Methods = {
  'canvases.create': (args, core) => {
    const channel =
      optional(args, 'channel_id') === undefined ? undefined : openChannelArgument(args, core, 'channel_id')
    return { canvas_id: create(args, core, channel?.id).id }
  },

  'canvases.sections.lookup': (args, { workspace }) => {
    const canvas = workspace.canvases.get(required(args, 'canvas_id')) ?? refuse('canvas_not_found')
    const criteria = (structure(args, 'criteria', 'invalid_arguments') ?? {}) as Criteria
    if (criteria.section_types?.some((type) => !['any_header', 'h1', 'h2', 'h3'].includes(type)))
      return refuseArguments('must be a valid enum value [json-pointer:/criteria/section_types/0]')
    const headings = canvas.markdown.split('\n').filter((line) => /^#{1,3} /.test(line))
    const found = headings.filter((line) => line.includes(criteria.contains_text ?? ''))
    return { sections: found.map((_line, i) => ({ id: `temp:C:${canvas.id}${i}` })) }
  },

  'conversations.canvases.create': (args, core) => {
    const channel = openChannelArgument(args, core, 'channel_id')
    if (channel.canvas) return refuse('channel_canvas_already_exists')
    channel.canvas = create(args, core, channel.id).id
    return { canvas_id: channel.canvas }
  },

  'canvases.edit': (args, { workspace }) => {
    const canvas = workspace.canvases.get(required(args, 'canvas_id')) ?? refuse('canvas_not_found')
    const changes = structure(args, 'changes', 'invalid_arguments')
    if (!Array.isArray(changes) || changes.length !== 1)
      return refuseArguments('must contain exactly 1 item [json-pointer:/changes]')
    const change = changes[0] as { operation: string; document_content?: unknown; section_id?: string }
    canvas.markdown = edited(canvas.markdown, change.operation, markdownOf(change.document_content))
    canvas.edits += 1
    return {}
  },
}

const create = (args: Arguments, { workspace }: Core, channel?: string): Canvas => {
  const content = markdownOf(structure(args, 'document_content', 'invalid_arguments'))
  const canvas = {
    id: workspace.newId('F'),
    title: optional(args, 'title') ?? '',
    markdown: content,
    edits: 0,
    ...(channel && { channel }),
  }
  workspace.canvases.set(canvas.id, canvas)
  return canvas
}

const markdownOf = (content: unknown): string => {
  if (content === undefined) return ''
  const { type, markdown } = content as { type?: unknown; markdown?: unknown }
  if (type !== 'markdown' || typeof markdown !== 'string')
    return refuseArguments('missing required field: markdown [json-pointer:/document_content]')
  if (markdown.length > longestMarkdown) return refuse('canvas_too_large')
  const line = markdown.split('\n').findIndex((text) => /^>\s*([-*]|\d+\.)\s/.test(text))
  if (line >= 0)
    return refuse('canvas_editing_failed', {
      detail: `'content' error: line ${line + 1}: Unsupported block type (List) within block quote`,
    })
  for (const table of markdown.match(/(?:^\|.*\|$\n?)+/gm) ?? []) {
    const [head = '', , ...rows] = table.trim().split('\n')
    const cells = (1 + rows.length) * (head.split(/(?<!\\)\|/).length - 2)
    if (cells > mostCells)
      return refuse('canvas_editing_failed', { detail: `'content' error: a table holds at most ${mostCells} cells` })
  }
  return markdown
}

const edited = (before: string, operation: string, content: string): string => {
  switch (operation) {
    case 'insert_at_start':
      return `${content}\n${before}`
    case 'insert_at_end':
      return `${before}\n${content}`
    case 'replace':
      return content
    default:
      return refuseArguments('must be a valid enum value [json-pointer:/changes/0/operation]')
  }
}
