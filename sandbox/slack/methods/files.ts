import { optional, required, structure } from '../arguments.ts'
import { readContent } from '../content.ts'
import type { Methods } from '../core.ts'
import { fileJson } from '../files.ts'
import { refuse, refuseArguments } from '../refusal.ts'
import { isMember } from './lookup.ts'

/** Uploads in three steps: get an upload URL, send the content, complete. */
export const fileMethods: Methods = {
  'files.getUploadURLExternal': (args, core) => {
    const { workspace } = core
    const name = required(args, 'filename')
    const length = Number(required(args, 'length'))
    if (!Number.isInteger(length) || length < 1) return refuseArguments('must be greater than 0 [json-pointer:/length]')
    const altText = optional(args, 'alt_txt') ?? ''
    if (altText.length > 1000) return refuseArguments('must be less than 1001 characters [json-pointer:/alt_txt]')
    const id = workspace.newId('F')
    workspace.files.set(id, {
      id,
      name,
      title: name,
      altText,
      length,
      user: workspace.app.botUser,
      created: workspace.seconds(),
      channels: [],
      shares: [],
    })
    return { upload_url: `${core.url()}/upload/v1/${id}`, file_id: id }
  },

  'files.completeUploadExternal': (args, core) => {
    const { workspace } = core
    const requested = structure(args, 'files', 'invalid_arguments') as { id: string; title?: string }[] | undefined
    if (!Array.isArray(requested) || requested.length === 0) return refuseArguments('missing required field: files')
    const target = optional(args, 'channel_id')
    if (target !== undefined && !/^[CGDZ][A-Z0-9]{8,}$/.test(target))
      return refuseArguments('must match pattern "^[CGDZ][A-Z0-9]{8,}$" [json-pointer:/channel_id]')
    const channel = target === undefined ? undefined : workspace.channels.get(target)
    if (target !== undefined && !channel) return refuse('channel_not_found')
    if (channel && !isMember(core, channel)) return refuse('not_in_channel')
    if (channel?.archived) return refuse('is_archived')
    const files = requested.map(({ id, title }) => {
      const file = workspace.files.get(id) ?? refuse('file_not_found')
      // Slack: a missing or incomplete upload is not a file.
      if (file.bytes?.length !== file.length) return refuse('file_not_found')
      if (title) file.title = title
      return file
    })
    for (const file of files) file.readyAt ??= workspace.scheduleNow() + core.fileProcessingMs
    if (channel) {
      const threadTs = optional(args, 'thread_ts')
      // Slack: `initial_comment` takes precedence over blocks; both are optional.
      const comment = optional(args, 'initial_comment')
      const content = readContent(comment === undefined ? { blocks: args.blocks } : { text: comment }, core)
      const message = workspace.write({
        ...content,
        channel: channel.id,
        user: workspace.app.botUser,
        byApp: true,
        ...(threadTs && { threadTs }),
        files: files.map(({ id }) => id),
      })
      for (const file of files) {
        file.channels.push(channel.id)
        file.shares.push({ channel: channel.id, ts: message.ts })
      }
    }
    return { files: files.map((file) => fileJson(workspace, file)) }
  },

  'files.info': (args, { workspace }) => {
    const canvas = workspace.canvases.get(required(args, 'file'))
    // Slack: a canvas is a file, too.
    if (canvas) {
      const permalink = `https://${workspace.team.domain}.slack.com/docs/${workspace.team.id}/${canvas.id}`
      return { file: { id: canvas.id, title: canvas.title, filetype: 'quip', permalink } }
    }
    const file = workspace.files.get(required(args, 'file'))
    if (!file || file.readyAt === undefined) return refuse('file_not_found')
    return { file: fileJson(workspace, file), comments: [], response_metadata: { next_cursor: '' } }
  },
}
