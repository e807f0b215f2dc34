import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '../../../incident/effect-handler.ts'
import { Unavailable } from '../../../incident/errors.ts'
import { shorten } from '../../../incident/measure.ts'
import type { BoundedSlack } from '../client.ts'

/** Slack takes a moment to process an upload; a block that names the file before that is refused. */
const PROCESSING_CHECKS = 12
const FIRST_CHECK_MS = 100
const LONGEST_CHECK_MS = 2_000
/** Slack: titles of files and alternative texts are cut at these lengths. */
const TITLE_CHARACTERS = 255
const ALT_CHARACTERS = 1_000

export type UploadOptions = {
  slack: BoundedSlack
  /** Uploads go to addresses that Slack hands out. */
  fetch?: typeof globalThis.fetch
}

export type Picture = {
  /** Names the picture among those of one effect. */
  name: string
  /** Drawn only when it has to be sent. */
  png(): Promise<Buffer>
  title: string
  altText: string
}

/**
 * Uploads an image without sharing it and returns Slack's file id. Each of the four steps is remembered, so that with a
 * slow Slack the next attempt continues where this one was interrupted. A step that was done but not remembered is
 * repeated, which nobody sees: only the message that shows the file must not be duplicated.
 * @throws Unavailable when Slack's upload host does not respond.
 */
export const createUpload = ({ slack, fetch = globalThis.fetch }: UploadOptions) => {
  const send = async (url: string, png: Buffer, signal: AbortSignal): Promise<boolean> => {
    const outage = { system: 'Slack uploads' }
    const response = await fetch(url, { method: 'POST', body: new Uint8Array(png), signal }).catch((cause: unknown) => {
      signal.throwIfAborted()
      throw new Unavailable('Slack does not accept the picture just now.', { ...outage, cause })
    })
    await response.body?.cancel()
    if (response.status >= 500)
      throw new Unavailable(`Slack does not accept the picture (HTTP ${response.status}).`, outage)
    return response.ok
  }

  const untilProcessed = async (file: string, signal: AbortSignal): Promise<void> => {
    let pauseMs = FIRST_CHECK_MS
    for (let check = 0; check < PROCESSING_CHECKS; check++) {
      const answer = await slack.call<{ file: { mimetype?: string } }>('files.info', { file }, signal)
      if (answer.file.mimetype) return
      await sleep(pauseMs, undefined, { signal })
      pauseMs = Math.min(LONGEST_CHECK_MS, pauseMs * 2)
    }
  }

  return async (picture: Picture, progress: Progress, signal: AbortSignal): Promise<string> => {
    const item = (step: string) => `${step}:${picture.name}`
    const done = progress.get(item('ready'))
    if (done) return done

    let sent = progress.get(item('sent'))
    if (!sent) {
      const png = await picture.png()
      const { upload_url, file_id } = await slack.call<{ upload_url: string; file_id: string }>(
        'files.getUploadURLExternal',
        { filename: 'chart.png', length: png.length, alt_txt: shorten(picture.altText, ALT_CHARACTERS) },
        signal,
      )
      if (!(await send(upload_url, png, signal))) throw new Error('Slack refused the picture.')
      await progress.set(item('sent'), file_id)
      sent = file_id
    }
    if (!progress.get(item('completed'))) {
      const title = shorten(picture.title, TITLE_CHARACTERS)
      await slack.call('files.completeUploadExternal', { files: [{ id: sent, title }] }, signal)
      await progress.set(item('completed'), sent)
    }
    await untilProcessed(sent, signal)
    await progress.set(item('ready'), sent)
    return sent
  }
}
