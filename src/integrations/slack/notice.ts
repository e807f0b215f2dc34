import { randomBytes } from 'node:crypto'
import { person, say } from '../../incident/phrase.ts'
import { section } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Poster } from './post.ts'

/**
 * Said now, of whoever pulled the plug: not an effect, because there is no incident it is of. One that is known by a
 * name may have been said before: it is looked for first.
 */
export const postNotice = async (
  poster: Poster,
  channel: string,
  text: string,
  { by, known }: { by: string; known?: { name: string; since: number } | undefined },
): Promise<void> => {
  if (!channel) return
  const line = mrkdwn(say`${text} (${person(by)})`)
  await poster.post({
    channel,
    text: line,
    blocks: [section(line)],
    effectId: `notice:${known?.name ?? randomBytes(8).toString('hex')}`,
    attempt: known ? 2 : 1,
    since: known?.since ?? 0,
  })
}
