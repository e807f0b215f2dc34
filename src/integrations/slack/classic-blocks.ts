import { person, say } from '../../incident/phrase.ts'
import { type Block, context } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'

/**
 * The same with blocks that every workspace supports: a plan becomes lines, a container its contents; a chart is
 * dropped, its numbers are in the text.
 */
export const classicBlocks = (blocks: readonly Block[]): Block[] =>
  blocks.flatMap((block): Block[] => {
    if (block.type === 'plan') return [context(planLines(block as unknown as Plan))]
    if (block.type === 'container') return classicBlocks((block.child_blocks ?? []) as Block[])
    return block.type === 'data_visualization' ? [] : [block]
  })

type Plan = {
  title: string
  tasks: {
    title: string
    status: string
    details?: { elements: { elements: ({ text: string } | { user_id: string })[] }[] }
  }[]
}

const MARKS: Record<string, string> = {
  complete: ':white_check_mark:',
  error: ':x:',
  in_progress: ':hourglass_flowing_sand:',
}

const planLines = ({ title, tasks }: Plan): string =>
  [
    `*${title}*`,
    ...tasks.map(({ title, status, details }) => {
      const parts = details?.elements[0]?.elements ?? []
      const text = parts.map((part) => ('user_id' in part ? person(part.user_id) : { text: part.text }))
      return mrkdwn(say`${MARKS[status] ?? ''} ${title}${text.length > 0 ? ': ' : ''}${text}`)
    }),
  ].join('\n')
