import { z } from 'zod'
import type { Block } from '../client-api.ts'
import { everywhere, header, inMessages, levelledHeader } from './classic.ts'
import { plain } from './composition.ts'
import { crossBlockProblems } from './cross-block-rules.ts'
import { alert, newInHome, newInMessages } from './modern.ts'
import { type BlockProblem, problemsOf } from './problems.ts'

export type { BlockProblem } from './problems.ts'

export type CheckerOptions = {
  /** False: a workspace without the block types introduced in 2026. */
  supportsNewBlocks: boolean
  /** State of an uploaded file. Slack: blocks can refer to it only after processing. */
  fileState: (id: string) => { name: string; ready: boolean } | undefined
}

export type BlockChecker = ReturnType<typeof createChecker>

/** Validates blocks and views against Slack's rules for this workspace. */
export const createChecker = ({ supportsNewBlocks, fileState }: CheckerOptions) => {
  const messageBlocks = supportsNewBlocks
    ? z.array(z.discriminatedUnion('type', [...inMessages, levelledHeader, ...newInMessages]))
    : z.array(z.discriminatedUnion('type', [...inMessages, header]))
  const homeBlocks = supportsNewBlocks
    ? z.array(z.discriminatedUnion('type', [...everywhere, levelledHeader, ...newInHome]))
    : z.array(z.discriminatedUnion('type', [...everywhere, header]))
  const modalBlocks = supportsNewBlocks
    ? z.array(z.discriminatedUnion('type', [...everywhere, levelledHeader, alert]))
    : z.array(z.discriminatedUnion('type', [...everywhere, header]))

  const common = {
    callback_id: z.string().max(255).optional(),
    external_id: z.string().max(255).optional(),
    private_metadata: z.string().max(3000).optional(),
  }
  const views = {
    home: z.looseObject({ type: z.literal('home'), blocks: homeBlocks.max(100), ...common }),
    modal: z
      .looseObject({
        type: z.literal('modal'),
        blocks: modalBlocks.max(100),
        ...common,
        title: plain(24),
        submit: plain(24).optional(),
        close: plain(24).optional(),
        clear_on_close: z.boolean().optional(),
        notify_on_close: z.boolean().optional(),
      })
      .refine((view) => view.submit !== undefined || !view.blocks.some(({ type }) => type === 'input'), {
        error: 'missing required field: submit',
      }),
  }

  return {
    /** Errors in a message's blocks. */
    blocks: (blocks: unknown): BlockProblem[] => {
      const problems = problemsOf(messageBlocks.max(50), blocks, '/blocks')
      return problems.length > 0 ? problems : crossBlockProblems(blocks as Block[], '/blocks', fileState)
    },
    /** Errors in a modal or a Home tab. */
    view: (view: unknown, type: 'modal' | 'home'): BlockProblem[] => {
      const problems = problemsOf(views[type], view, '/view')
      return problems.length > 0
        ? problems
        : crossBlockProblems((view as { blocks: Block[] }).blocks, '/view/blocks', fileState)
    },
  }
}
