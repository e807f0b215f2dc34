import { randomBytes } from 'node:crypto'
import { person, say } from '../../incident/phrase.ts'
import { section } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Poster } from './post.ts'

/** How long a notice may take, ms: it is posted while somebody waits, or by a timer that comes again. */
const TIMEOUT_MS = 20_000

/**
 * Posts a notice that belongs to no incident (Muster was paused), and so is no effect. A named notice may have been
 * posted before: it is searched for first.
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
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
}
