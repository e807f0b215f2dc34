import { type Block, fitting, isNewBlock, messagesOf } from './block.ts'
import { refusedWith, type Slack, type SlackRefusal } from './client.ts'
import type { Memory } from './people.ts'
import { classic } from './summary.ts'

/** The metadata that marks our messages, so that a second attempt finds what the first one sent. */
export const EFFECT_METADATA = 'muster_effect'
/** A workspace that refuses the new blocks is asked again after so long: Slack rolls them out over months. */
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
  /** More than 1: an earlier attempt may have sent it, so it is looked for first. */
  attempt: number
  /** When the effect was queued, epoch ms: nothing of it is older. */
  since: number
}

type HistoryMessage = {
  ts: string
  metadata?: { event_type?: string; event_payload?: { effect?: string; part?: number } }
}

/** Posts and edits messages: nothing twice, nothing too long, and with blocks that the workspace knows. */
export const createPoster = ({ slack, memory, now }: { slack: Slack; memory: Memory; now: () => number }) => {
  /** Sends with the new blocks where the workspace knows them, with classic ones otherwise. */
  const adapted = async <Answer>(blocks: Block[], send: (blocks: Block[]) => Promise<Answer>): Promise<Answer> => {
    if (!blocks.some(isNewBlock)) return send(blocks)
    const old = await memory.recall(OLD_WORKSPACE)
    if (old && now() - old.writtenAt < TRY_NEW_BLOCKS_AFTER_MS) return send(classic(blocks))
    try {
      return await send(blocks)
    } catch (error) {
      if (!refusedWith(error, 'invalid_blocks', 'invalid_blocks_format', 'unsupported_block_type')) throw error
      const answer = await send(classic(blocks))
      // Only now: had the classic ones been refused too, the new ones were not the trouble.
      await memory.remember(OLD_WORKSPACE, (error as SlackRefusal).details.join('; '))
      return answer
    }
  }

  /** What an earlier attempt of this effect has sent already: part number -> ts. */
  const alreadySent = async ({ channel, threadTs, effectId, since }: PostRequest): Promise<Map<number, Posted>> => {
    const found = new Map<number, Posted>()
    // Clocks differ: a minute of slack before the effect was queued.
    const oldest = String(Math.floor(since / 1000) - 60)
    const where = await channelId(channel)
    if (where === undefined) return found
    for (let cursor: string | undefined, page = 0; page < 5; page++) {
      const answer = await slack.call<{ messages: HistoryMessage[]; response_metadata?: { next_cursor?: string } }>(
        threadTs ? 'conversations.replies' : 'conversations.history',
        {
          channel: where,
          ...(threadTs ? { ts: threadTs } : {}),
          oldest,
          limit: 200,
          include_all_metadata: true,
          ...(cursor ? { cursor } : {}),
        },
      )
      for (const { ts, metadata } of answer.messages)
        if (metadata?.event_type === EFFECT_METADATA && metadata.event_payload?.effect === effectId)
          found.set(metadata.event_payload.part ?? 0, { channel: where, ts })
      cursor = answer.response_metadata?.next_cursor
      if (!cursor) break
    }
    return found
  }

  /** The id behind a channel's name, as an earlier post told it; only ids can be looked into. */
  const channelId = async (channel: string): Promise<string | undefined> => {
    if (!channel.startsWith('#')) return /^[CGD]/.test(channel) ? channel : undefined
    return (await memory.recall(`slack:channel:${channel}`))?.value
  }

  return {
    /** Posts a message, in several parts where it is too long for one; returns the first. */
    post: async (request: PostRequest): Promise<Posted> => {
      const { channel, threadTs, effectId, attempt } = request
      const sent = attempt > 1 ? await alreadySent(request) : new Map<number, Posted>()
      let first = sent.get(0)
      const parts = messagesOf(request.blocks)
      for (const [part, blocks] of (parts.length > 0 ? parts : [[]]).entries()) {
        if (sent.has(part)) continue
        const answer = await adapted(blocks, (adaptedBlocks) =>
          slack.call<{ channel: string; ts: string }>('chat.postMessage', {
            channel,
            text: request.text,
            ...(adaptedBlocks.length > 0 ? { blocks: adaptedBlocks } : {}),
            ...(threadTs ? { thread_ts: threadTs } : {}),
            unfurl_links: false,
            unfurl_media: false,
            metadata: { event_type: EFFECT_METADATA, event_payload: { effect: effectId, part } },
          }),
        )
        if (channel.startsWith('#')) await memory.remember(`slack:channel:${channel}`, answer.channel)
        first ??= { channel: answer.channel, ts: answer.ts }
      }
      return first as Posted
    },

    /** Edits a message; what does not fit is left out, because an edit cannot become two messages. Harmless twice. */
    edit: async ({ channel, ts }: Posted, { text, blocks }: Message): Promise<void> => {
      await adapted(fitting(blocks), (adaptedBlocks) =>
        slack.call('chat.update', { channel, ts, text, blocks: adaptedBlocks }),
      )
    },
  }
}

export type Poster = ReturnType<typeof createPoster>
