import { type Arguments, parseArguments } from './arguments.ts'
import { type Content, isEmpty, readContent } from './content.ts'
import type { Core } from './core.ts'
import { SlackRefusal } from './refusal.ts'
import type { Message } from './state.ts'

/** A response address: the app may answer there without being in the conversation. */
type Address = { user: string; channel: string; at: number; posts: number; original?: Message; threadTs?: string }

/** What stands in the HTTP answer; Slack answers here in plain text. */
export type ResponseAnswer = { status: number; body: string }

const mostPosts = 5
const lifetimeMs = 30 * 60_000

export type ResponseUrls = ReturnType<typeof createResponseUrls>

export const createResponseUrls = (core: Core) => {
  const { workspace } = core
  const addresses = new Map<string, Address>()

  /** `kind` is the first part of the path: `commands`, `actions` or `app`. */
  const issue = (kind: string, user: string, channel: string, original?: Message): string => {
    const path = `/${kind}/${workspace.team.id}/${workspace.newId('R')}`
    const threadTs = original?.threadTs
    addresses.set(path, {
      user,
      channel,
      at: workspace.scheduleNow(),
      posts: 0,
      ...(original && { original }),
      ...(threadTs && { threadTs }),
    })
    return `${core.url()}${path}`
  }

  /** A post to a response address: at most five, within half an hour. */
  const post = (path: string, contentType: string, body: string): ResponseAnswer => {
    const address = addresses.get(path)
    if (!address) return { status: 404, body: 'not_found' }
    if (workspace.scheduleNow() - address.at > lifetimeMs) return { status: 404, body: 'expired_url' }
    if (address.posts >= mostPosts) return { status: 404, body: 'used_url' }
    try {
      answer(address, parseArguments(contentType, body))
      address.posts += 1
      return { status: 200, body: 'ok' }
    } catch (error) {
      if (error instanceof SlackRefusal) return { status: 400, body: error.error }
      throw error
    }
  }

  const answer = (address: Address, args: Arguments): void => {
    const { original } = address
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
    say(core, address.user, address.channel, content, {
      inChannel: args.response_type === 'in_channel',
      threadTs: typeof args.thread_ts === 'string' ? args.thread_ts : address.threadTs,
    })
  }

  return {
    issue,
    post,
    owns: (path: string): boolean => addresses.has(path) || /^\/(commands|actions|app)\//.test(path),
  }
}

/** An answer to what somebody did: seen by them alone unless it is for the channel. */
export const say = (
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
