import type { Block } from '../client-api.ts'
import type { BlockProblem } from './problems.ts'

type FileState = (id: string) => { name: string; ready: boolean } | undefined
type Found = { value: Record<string, unknown>; pointer: string }

const mostCharts = 2

/** Rules across blocks, and references to files: checked after each block is valid. */
export const crossBlockProblems = (blocks: Block[], at: string, fileState: FileState): BlockProblem[] => {
  const found = objects(blocks, at)
  const all = found.filter(({ pointer }) => /\/(blocks|child_blocks)\/\d+$/.test(pointer))
  return [
    ...repeated(all, 'block_id'),
    // An action is identified by both ids, so an action_id may be reused in another block.
    ...all.flatMap(({ value, pointer }) => repeated(objects(withoutChildren(value), pointer), 'action_id')),
    ...found.flatMap(({ value, pointer }) => fileProblem(value, pointer, fileState)),
    ...tooManyCharts(all),
    ...mixedTasks(all, at),
  ]
}

/** Every object in a value, with its JSON pointer. */
const objects = (value: unknown, pointer: string): Found[] => {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([name, member]) => objects(member, `${pointer}/${name}`))
  return Array.isArray(value) ? inner : [{ value: value as Record<string, unknown>, pointer }, ...inner]
}

const withoutChildren = ({ child_blocks: _children, ...block }: Record<string, unknown>) => block

const repeated = (found: Found[], member: 'block_id' | 'action_id'): BlockProblem[] => {
  const seen = new Set<unknown>()
  return found.flatMap(({ value, pointer }) => {
    const id = value[member]
    if (id === undefined) return []
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const name = member === 'block_id' ? 'Block ID' : 'Action ID'
    return [{ message: `${name} needs to be unique`, pointer: `${pointer}/${member}` }]
  })
}

const fileProblem = (value: Record<string, unknown>, pointer: string, fileState: FileState): BlockProblem[] => {
  if (typeof value.slack_file !== 'object' || value.slack_file === null) return []
  const { id, url } = value.slack_file as { id?: string; url?: string }
  const file = fileState(id ?? url?.match(/\bF[A-Z0-9]{8,}\b/)?.[0] ?? '')
  if (file?.ready && /\.(png|jpe?g|gif)$/i.test(file.name)) return []
  return [{ message: 'invalid slack file', pointer: `${pointer}/slack_file` }]
}

const tooManyCharts = (all: Found[]): BlockProblem[] =>
  all
    .filter(({ value }) => value.type === 'data_visualization')
    .slice(mostCharts)
    .map(({ pointer }) => ({ message: `no more than ${mostCharts} data_visualization blocks allowed`, pointer }))

const mixedTasks = (all: Found[], at: string): BlockProblem[] => {
  const types = new Set(all.map(({ value }) => value.type))
  if (!types.has('plan') || !types.has('task_card')) return []
  return [{ message: 'plan and task_card blocks cannot be used together', pointer: at }]
}
