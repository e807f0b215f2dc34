import { callGraphInWords } from '../../../incident/call-graph-words.ts'
import { changeInWords } from '../../../incident/chart-words.ts'
import type { EffectContext } from '../../../incident/effect-handler.ts'
import type { Drawable, Snapshot } from '../../../incident/evidence.ts'
import { shorten } from '../../../incident/measure.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import type { Block } from '../block.ts'
import { createUpload, type UploadOptions } from './upload.ts'

export type PictureOptions = UploadOptions & {
  words: Vocabulary
  chartPng(drawable: Drawable): Promise<Buffer>
}

/** Turns a snapshot into an image block, uploading its picture first. */
export const createPictures = ({ chartPng, words, ...options }: PictureOptions) => {
  const zone = words.timezone ?? 'UTC'
  const upload = createUpload(options)

  const pngOf = (found: Snapshot): (() => Promise<Buffer>) | undefined => {
    if (found.kind === 'chart' || found.kind === 'call_graph') return () => chartPng(found)
    return found.kind === 'image' ? async () => Buffer.from(found.base64, 'base64') : undefined
  }

  /** Undefined for what is no picture. @param name names the picture among those of one effect. */
  return async (
    name: string,
    found: Snapshot,
    { progress, signal }: Pick<EffectContext, 'progress' | 'signal'>,
  ): Promise<Block | undefined> => {
    const png = pngOf(found)
    if (!png) return undefined
    const altText = altTextOf(found, zone)
    const file = await upload({ name, png, title: found.title, altText }, progress, signal)
    return {
      type: 'image',
      slack_file: { id: file },
      alt_text: shorten(altText, 2000),
      title: { type: 'plain_text', text: shorten(found.title, 2000) },
    }
  }
}

/** What the picture shows, in words. */
export const altTextOf = (found: Snapshot, zone: string): string => {
  if (found.kind === 'call_graph') return callGraphInWords(found)
  const change = found.kind === 'chart' ? changeInWords(found, zone) : ''
  return change ? `${found.title}: ${change}` : found.title
}
