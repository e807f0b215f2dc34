import { type Arguments, parseArguments } from './arguments.ts'
import { type Content, isEmpty, readContent } from './content.ts'
import type { Core } from './core.ts'
import { SlackRefusal } from './refusal.ts'
import type { Message } from './state.ts'

/** A `response_url`: lets the app respond without being a member of the conversation. */
type ResponseUrl = { user: string; channel: string; at: number; posts: number; original?: Message; threadTs?: string }

/** The HTTP response; Slack responds to a `response_url` in plain text. */
export type ResponseUrlResult = { status: number; body: string }

const maxPosts = 5
const lifetimeMs = 30 * 60_000

export type ResponseUrls = ReturnType<typeof createResponseUrls>

export const createResponseUrls = (core: Core) => {
  const { workspace } = core
  const entries = new Map<string, ResponseUrl>()

  /** `kind` is the first part of the path: `commands`, `actions` or `app`. */
  const issue = (kind: string, user: string, channel: string, original?: Message): string => {
    const path = `/${kind}/${workspace.team.id}/${workspace.newId('R')}`
    const threadTs = original?.threadTs
    entries.set(path, {
      user,
      channel,
      at: workspace.scheduleNow(),
      posts: 0,
      ...(original && { original }),
      ...(threadTs && { threadTs }),
    })
    return `${core.url()}${path}`
  }

  /** Handles a post to a `response_url`. Slack: at most five within 30 minutes. */
  const post = (path: string, contentType: string, body: string): ResponseUrlResult => {
    const entry = entries.get(path)
    if (!entry) return { status: 404, body: 'not_found' }
    if (workspace.scheduleNow() - entry.at > lifetimeMs) return { status: 404, body: 'expired_url' }
    if (entry.posts >= maxPosts) return { status: 404, body: 'used_url' }
    try {
      respond(entry, parseArguments(contentType, body))
      entry.posts += 1
      return { status: 200, body: 'ok' }
    } catch (error) {
      if (error instanceof SlackRefusal) return { status: 400, body: error.error }
      throw error
    }
  }

  const respond = (entry: ResponseUrl, args: Arguments): void => {
    const { original } = entry
    const present = original && workspace.channels.get(original.channel)?.messages.includes(original)
    if (isTrue(args.delete_original)) {
      if (original && present) workspace.remove(original)
      return
    }
    const content = readContent(args, core)
    if (isEmpty(content)) throw new SlackRefusal('no_text')
    if (isTrue(args.replace_original) && original && present) {
      workspace.rewrite(original, { blocks: undefined, ...content })
      return
    }
    postResponse(core, entry.user, entry.channel, content, {
      inChannel: args.response_type === 'in_channel',
      threadTs: typeof args.thread_ts === 'string' ? args.thread_ts : entry.threadTs,
    })
  }

  return {
    issue,
    post,
    owns: (path: string): boolean => entries.has(path) || /^\/(commands|actions|app)\//.test(path),
  }
}

/** Posts a response to a person's action: ephemeral unless `inChannel`. */
export const postResponse = (
  { workspace }: Core,
  user: string,
  channel: string,
  content: Content,
  { inChannel, threadTs }: { inChannel: boolean; threadTs?: string | undefined },
): Message =>
  workspace.write({
    ...content,
    channel,
    user: workspace.app.botUser,
    byApp: true,
    ...(threadTs && { threadTs }),
    ...(!inChannel && { onlyFor: user }),
  })

const isTrue = (value: unknown): boolean => value === true || value === 'true'
