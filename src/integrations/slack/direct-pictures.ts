import type { CallGraph } from '../../incident/call-graph.ts'
import { context, section } from './block.ts'
import { captionOf } from './effects/evidence.ts'
import { createPictures, type PictureOptions } from './effects/picture.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Poster } from './post.ts'

/** Sends one person a picture, or a sentence, by direct message; `id` makes it one message however often it is sent. */
export type SendDirectly = (
  person: string,
  what: CallGraph | string,
  wanted: { id: string; since: number; signal: AbortSignal },
) => Promise<void>

/** Direct messages that belong to no incident, so nothing of them is recorded. */
export const createDirectPictures = ({ poster, ...options }: PictureOptions & { poster: Poster }): SendDirectly => {
  const pictureOf = createPictures(options)
  return async (person, what, { id, since, signal }) => {
    const message = { channel: person, effectId: id, attempt: 1, since, signal }
    if (typeof what === 'string') {
      const text = mrkdwn([{ text: what }])
      await poster.post({ ...message, text, blocks: [section(text)] })
      return
    }
    // There is one attempt only, so its steps need no memory.
    const progress = { get: () => undefined, set: async () => {} }
    const picture = await pictureOf(id, what, { progress, signal })
    const caption = context(mrkdwn(captionOf(what, options.words.timezone ?? 'UTC')))
    await poster.post({ ...message, text: what.title, blocks: picture ? [picture, caption] : [caption] })
  }
}
