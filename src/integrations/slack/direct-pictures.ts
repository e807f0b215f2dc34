import type { CallGraph } from '../../incident/call-graph.ts'
import type { Drawable } from '../../incident/evidence.ts'
import { altTextOf, pictureBlocks } from './effects/picture.ts'
import { createUpload, type UploadOptions } from './effects/upload.ts'
import type { Poster } from './post.ts'

export type DirectPicturesOptions = UploadOptions & {
  poster: Poster
  /** Whose clock the picture shows, an IANA zone. */
  zone: string
  png(picture: Drawable): Promise<Buffer>
}

/** Brings one person a picture, or a sentence, by direct message; `id` makes it one message however often it is sent. */
export type SendDirectly = (
  person: string,
  what: CallGraph | string,
  wanted: { id: string; since: number; signal: AbortSignal },
) => Promise<void>

/** Direct messages that belong to no incident, so nothing of them is recorded. */
export const createDirectPictures = ({ poster, zone, png, ...options }: DirectPicturesOptions): SendDirectly => {
  const upload = createUpload(options)
  return async (person, what, { id, since, signal }) => {
    const message = { channel: person, effectId: id, attempt: 1, since }
    if (typeof what === 'string') {
      await poster.post({ ...message, text: what, blocks: [{ type: 'section', text: { type: 'mrkdwn', text: what } }] })
      return
    }
    const done = new Map<string, string>()
    const progress = {
      get: (item: string) => done.get(item),
      set: async (item: string, value: string) => {
        done.set(item, value)
      },
    }
    const altText = altTextOf(what, zone)
    const file = await upload({ name: id, png: () => png(what), title: what.title, altText }, progress, signal)
    await poster.post({ ...message, text: what.title, blocks: pictureBlocks(what, file, zone) })
  }
}
