import { isPerson } from '../../incident/phrase.ts'
import type { Memory } from '../../platform/memory.ts'
import { type Block, fitting, isNewBlock, messagesOf } from './block.ts'
import { classicBlocks } from './classic-blocks.ts'
import { type BoundedSlack, refusedWith, SlackRefusal } from './client.ts'

/** Was the message deleted that was to be edited? */
export const isDeleted = (error: unknown): boolean => refusedWith(error, 'message_not_found')

/** The metadata that marks our messages, so that a second attempt finds what the first one sent. */
export const EFFECT_METADATA = 'muster_effect'
/** How long to wait before trying the new blocks again in a workspace that refused them: Slack rolls them out over months. */
const TRY_NEW_BLOCKS_AFTER_MS = 7 * 24 * 3_600_000
const OLD_WORKSPACE = 'slack:classic_blocks'

/** `text` is what notifications and clients without blocks show: mrkdwn, already escaped like the blocks. */
export type Message = { text: string; blocks: Block[] }
export type Posted = { channel: string; ts: string }

export type PostRequest = Message & {
  /** A channel id, a name like #incidents, or a person's id for a direct message. */
  channel: string
  threadTs?: string | undefined
  /** Marks the message: with the same id it is never sent twice. */
  effectId: string
  /** More than 1: an earlier attempt may have sent it, so it is searched for first. */
  attempt: number
  /** When the effect was queued, epoch ms: nothing of it is older. */
  since: number
  /** Aborts what is under way. */
  signal: AbortSignal
}

type HistoryMessage = {
  ts: string
  text?: string
  blocks?: Block[]
  reply_count?: number
  metadata?: { event_type?: string; event_payload?: { effect?: string; part?: number } }
}

/** One of our messages, as it stands in Slack. */
export type Found = Posted & Message

type History = { messages: HistoryMessage[]; response_metadata?: { next_cursor?: string } }
type Channels = { channels: { id: string; name: string }[]; response_metadata?: { next_cursor?: string } }

/** Posts and edits messages: nothing twice, nothing too long, and with blocks that the workspace knows. */
export const createPoster = ({ slack, memory, now }: { slack: BoundedSlack; memory: Memory; now: () => number }) => {
  /** Sends with the new blocks where the workspace knows them, with classic ones otherwise. */
  const adapted = async <Answer>(blocks: Block[], send: (blocks: Block[]) => Promise<Answer>): Promise<Answer> => {
    if (!blocks.some(isNewBlock)) return send(blocks)
    const old = await memory.recall(OLD_WORKSPACE)
    if (old && now() - old.writtenAt < TRY_NEW_BLOCKS_AFTER_MS) return send(classicBlocks(blocks))
    try {
      return await send(blocks)
    } catch (error) {
      if (!refusedWith(error, 'invalid_blocks', 'invalid_blocks_format', 'unsupported_block_type')) throw error
      const answer = await send(classicBlocks(blocks))
      // Only now: if the classic ones had been rejected too, the new ones were not the problem.
      await memory.remember(OLD_WORKSPACE, (error as SlackRefusal).details.join('; '))
      return answer
    }
  }

  /** What an earlier attempt of this effect has sent already: part number -> ts. */
  const alreadySent = async ({
    channel,
    threadTs,
    effectId,
    since,
    signal,
  }: PostRequest): Promise<Map<number, Posted>> => {
    const found = new Map<number, Posted>()
    // Clocks differ: a minute of slack before the effect was queued.
    const oldest = String(Math.floor(since / 1000) - 60)
    const where = await idOf(channel, signal)
    if (where === undefined) return found
    for (let cursor: string | undefined, page = 0; page < 5; page++) {
      const next = { oldest, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) }
      const answer = await historyOf(where, { ...(threadTs ? { ts: threadTs } : {}), ...next }, signal)
      for (const { ts, metadata } of answer.messages)
        if (metadata?.event_type === EFFECT_METADATA && metadata.event_payload?.effect === effectId)
          found.set(metadata.event_payload.part ?? 0, { channel: where, ts })
      cursor = answer.response_metadata?.next_cursor
      if (!cursor) break
    }
    return found
  }

  /** Slack lets the bot write into public channels from outside, but read only from inside. */
  const historyOf = async (
    channel: string,
    which: { ts?: string; [member: string]: unknown },
    signal: AbortSignal,
  ): Promise<History> => {
    const method = which.ts ? 'conversations.replies' : 'conversations.history'
    try {
      return await slack.call<History>(method, { channel, ...which }, signal)
    } catch (error) {
      if (!refusedWith(error, 'not_in_channel')) throw error
      await slack.call('conversations.join', { channel }, signal)
      return slack.call<History>(method, { channel, ...which }, signal)
    }
  }

  /** The channel id of a message's destination, given a channel's name or a person; only ids can be searched. */
  const idOf = async (channel: string, signal: AbortSignal): Promise<string | undefined> => {
    if (/^[CGD][A-Z0-9]+$/.test(channel)) return channel
    const known = await memory.recall(`slack:channel:${channel}`)
    if (known) return known.value
    const id = isPerson(channel)
      ? await directWith(channel, signal)
      : await channelNamed(channel.replace(/^#/, ''), signal)
    if (id !== undefined) await memory.remember(`slack:channel:${channel}`, id)
    return id
  }

  const directWith = async (person: string, signal: AbortSignal): Promise<string> =>
    (await slack.call<{ channel: { id: string } }>('conversations.open', { users: person }, signal)).channel.id

  /** Looked for only when a first post by name went unanswered: from then on the id is known. */
  const channelNamed = async (name: string, signal: AbortSignal): Promise<string | undefined> => {
    for (let cursor: string | undefined; ; ) {
      const which = { types: 'public_channel,private_channel', exclude_archived: true, limit: 1000 }
      const next = { ...which, ...(cursor ? { cursor } : {}) }
      const answer = await slack.call<Channels>('conversations.list', next, signal)
      const found = answer.channels.find((channel) => channel.name === name)
      cursor = answer.response_metadata?.next_cursor
      if (found || !cursor) return found?.id
    }
  }

  /** What was sent already. Where Slack refuses to show it, a message sent twice is better than one not sent. */
  const sentBefore = (request: PostRequest): Promise<Map<number, Posted>> =>
    alreadySent(request).catch((error: unknown) => {
      if (error instanceof SlackRefusal || refusedWith(error, 'missing_scope')) return new Map<number, Posted>()
      throw error
    })

  return {
    /** Posts a message, in several parts where it is too long for one; returns the first. */
    post: async (request: PostRequest): Promise<Posted> => {
      const { channel, threadTs, effectId, attempt, signal } = request
      const sent = attempt > 1 ? await sentBefore(request) : new Map<number, Posted>()
      let first = sent.get(0)
      const parts = messagesOf(request.blocks)
      for (const [part, blocks] of (parts.length > 0 ? parts : [[]]).entries()) {
        if (sent.has(part)) continue
        const answer = await adapted(blocks, (adaptedBlocks) =>
          slack.call<{ channel: string; ts: string }>(
            'chat.postMessage',
            {
              channel,
              text: request.text,
              ...(adaptedBlocks.length > 0 ? { blocks: adaptedBlocks } : {}),
              ...(threadTs ? { thread_ts: threadTs } : {}),
              unfurl_links: false,
              unfurl_media: false,
              metadata: { event_type: EFFECT_METADATA, event_payload: { effect: effectId, part } },
            },
            signal,
          ),
        )
        if (channel !== answer.channel) await memory.remember(`slack:channel:${channel}`, answer.channel)
        first ??= { channel: answer.channel, ts: answer.ts }
      }
      return first as Posted
    },

    /**
     * Our own messages about an incident in a channel, the newest 1,000 and those in their threads; empty where the
     * channel is unknown.
     * @param channel an id, or a name like #incidents
     */
    ofIncident: async (
      channel: string,
      { id, declaredAt }: { id: string; declaredAt: number },
      signal: AbortSignal,
    ): Promise<Found[]> => {
      const where = await idOf(channel, signal)
      if (where === undefined) return []
      const oldest = String(Math.floor(declaredAt / 1000) - 60)
      const found: Found[] = []
      for (let cursor: string | undefined, page = 0; page < 5; page++) {
        const next = { oldest, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) }
        const answer = await historyOf(where, next, signal)
        for (const message of answer.messages.filter(isAbout(id))) {
          if (message.reply_count) {
            const which = { ts: message.ts, limit: 200, include_all_metadata: true }
            const thread = await historyOf(where, which, signal)
            found.push(
              ...thread.messages
                .filter(isAbout(id))
                .map(({ ts, text = '', blocks = [] }) => ({ channel: where, ts, text, blocks })),
            )
          }
          found.push({ channel: where, ts: message.ts, text: message.text ?? '', blocks: message.blocks ?? [] })
        }
        cursor = answer.response_metadata?.next_cursor
        if (!cursor) break
      }
      return [...new Map(found.map((one) => [one.ts, one])).values()]
    },

    /** Edits a message; what does not fit is left out, because an edit cannot become two messages. Harmless twice. */
    edit: async ({ channel, ts }: Posted, { text, blocks }: Message, signal: AbortSignal): Promise<void> => {
      await adapted(fitting(blocks), (adaptedBlocks) =>
        slack.call('chat.update', { channel, ts, text, blocks: adaptedBlocks }, signal),
      )
    },
  }
}

const isAbout =
  (incident: string) =>
  ({ metadata }: HistoryMessage): boolean =>
    metadata?.event_type === EFFECT_METADATA && (metadata.event_payload?.effect ?? '').startsWith(`${incident}/`)

export type Poster = ReturnType<typeof createPoster>
