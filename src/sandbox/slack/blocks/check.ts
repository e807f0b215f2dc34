import type { Block } from '../view.ts'

export type BlockProblem = { message: string; pointer: string }
export type BlockChecker = ReturnType<typeof createChecker>

export const createChecker = (_options: {
  supportsNewBlocks: boolean
  fileState: (id: string) => { name: string; ready: boolean } | undefined
}) => ({
  blocks: (_blocks: unknown, _surface: 'message'): BlockProblem[] => [],
  view: (_view: unknown, _type: 'modal' | 'home'): BlockProblem[] => [],
})

export const blockTextLength = (_blocks: Block[]): number => 0
export const markdownLength = (_blocks: Block[]): number => 0
