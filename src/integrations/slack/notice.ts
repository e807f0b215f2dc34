import { randomBytes } from 'node:crypto'
import { person, say } from '../../incident/phrase.ts'
import { section } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Poster } from './post.ts'

/** Said once, now, by whoever pulled the plug: not an effect, because there is no incident it is of. */
export const postNotice = async (poster: Poster, channel: string, text: string, by: string): Promise<void> => {
  if (!channel) return
  const line = mrkdwn(say`${text} (${person(by)})`)
  await poster.post({
    channel,
    text: line,
    blocks: [section(line)],
    effectId: `notice:${randomBytes(8).toString('hex')}`,
    attempt: 1,
    since: 0,
  })
}
