import type { StoredFile } from './state.ts'

/**
 * Stores what was sent to an upload address: the body as it is, or the first part of a form, which is how Slack's own
 * SDK sends it. Answers as Slack does.
 */
export const receiveUpload = async (file: StoredFile, contentType: string, body: Buffer): Promise<string> => {
  file.bytes = contentType.startsWith('multipart/form-data') ? await firstPart(contentType, body) : body
  return `OK - ${file.bytes.length}`
}

const firstPart = async (contentType: string, body: Buffer): Promise<Buffer> => {
  const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData()
  for (const [, value] of form)
    return typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer())
  return Buffer.alloc(0)
}
