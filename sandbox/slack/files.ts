import type { StoredFile } from './state.ts'
import type { Workspace } from './workspace.ts'

/**
 * Stores an upload: the raw body, or the first part of a multipart form, which is what Slack's SDK sends. Returns
 * Slack's response text.
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

/** A file object. Slack: type members are empty until the file has been processed. */
export const fileJson = (workspace: Workspace, file: StoredFile) => {
  const ready = isReady(workspace, file)
  const extension = file.name.split('.').at(-1)!.toLowerCase()
  const address = `${workspace.filesUrl()}/files-pri/${workspace.team.id}-${file.id}`
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: ready ? mimetypeOf(file.name) : '',
    filetype: ready ? extension : '',
    pretty_type: ready ? extension.toUpperCase() : '',
    user: file.user,
    user_team: workspace.team.id,
    editable: false,
    size: file.length,
    mode: 'hosted',
    is_external: false,
    is_public: false,
    ...(file.altText && { alt_txt: file.altText }),
    url_private: `${address}/${file.name}`,
    url_private_download: `${address}/download/${file.name}`,
    permalink: `https://${workspace.team.domain}.slack.com/files/${file.user}/${file.id}/${file.name}`,
    channels: file.channels,
    groups: [],
    ims: [],
    file_access: 'visible',
    shares:
      file.shares.length > 0
        ? { public: Object.fromEntries(file.shares.map(({ channel, ts }) => [channel, [{ ts }]])) }
        : {},
  }
}

/** Slack: blocks can refer to a file only after it has been processed. */
export const isReady = (workspace: Workspace, file: StoredFile): boolean =>
  file.readyAt !== undefined && workspace.scheduleNow() >= file.readyAt

const types: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  md: 'text/markdown',
  txt: 'text/plain',
  log: 'text/plain',
  json: 'application/json',
  html: 'text/html',
  pdf: 'application/pdf',
  csv: 'text/csv',
}

export const mimetypeOf = (name: string): string =>
  types[name.split('.').at(-1)!.toLowerCase()] ?? 'application/octet-stream'
