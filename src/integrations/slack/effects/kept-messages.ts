import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { IncidentEvent, MessagePlace, SnapshotRef } from '../../../incident/event.ts'
import type { Snapshot } from '../../../incident/evidence.ts'
import { keptAt } from '../../../incident/kept-message.ts'
import { isPerson, say, strong } from '../../../incident/phrase.ts'
import { context as small } from '../block.ts'
import { type BoundedSlack, refusedWith, SlackRefusal } from '../client.ts'
import { type Files, isPicture, type SharedFile } from '../files.ts'
import { wordsOf } from '../message-text.ts'
import { fromSlack, mrkdwn } from '../mrkdwn.ts'
import type { Poster } from '../post.ts'
import { markOf } from './message-options.ts'

type SlackMessage = {
  ts: string
  thread_ts?: string
  text?: string
  user?: string
  files?: SharedFile[]
}
type Marked = Extract<IncidentEvent, { type: 'message_marked' }>
type Found = {
  text: string
  author?: string | undefined
  parent?: { text: string; author?: string }
  files?: SharedFile[]
}

const KEPT_MARK = 'white_check_mark'
const MOST_PICTURES = 4
/** Without its pictures a message is still worth keeping. */
const ATTEMPTS_WITH_PICTURES = 4

export type KeptMessageOptions = {
  slack: BoundedSlack
  files: Files
  /** Keeps a picture; returns its name, the hash of its content. */
  freeze(snapshot: Snapshot): Promise<string>
  now: () => number
}

/** Messages that people mark for the timeline. */
export const keptMessageEffects = ({ slack, files, freeze, now }: KeptMessageOptions) => {
  /** Slack: of a thread, its first message may be included whatever the limits say. */
  const messageAt = async ({ channel, ts }: MessagePlace, signal: AbortSignal): Promise<SlackMessage | undefined> => {
    const only = { oldest: ts, latest: ts, inclusive: true, limit: 2 }
    const { messages } = await slack
      .call<{ messages: SlackMessage[] }>('conversations.replies', { channel, ts, ...only }, signal)
      .catch((error: unknown) => {
        if (refusedWith(error, 'thread_not_found', 'message_not_found')) return { messages: [] }
        throw error
      })
    return messages.find((one) => one.ts === ts)
  }

  /** The current message in Slack, a reply with the message it replies to; undefined when it was deleted. */
  const read = async (place: MessagePlace, signal: AbortSignal): Promise<Found | undefined> => {
    const message = await messageAt(place, signal)
    if (!message) return undefined
    const { thread_ts: thread } = message
    const parent = thread && thread !== place.ts ? await messageAt({ ...place, ts: thread }, signal) : undefined
    return {
      text: wordsOf(message),
      author: message.user,
      ...(message.files ? { files: message.files } : {}),
      ...(parent ? { parent: { text: wordsOf(parent), ...(parent.user ? { author: parent.user } : {}) } } : {}),
    }
  }

  /** The text of a message where Muster cannot read came with the mark; so did that of one deleted in the meantime. */
  const found = async ({ message, text, author, source }: Marked, signal: AbortSignal): Promise<Found | undefined> => {
    const given = text === undefined ? undefined : { text: fromSlack(text), author }
    return source ? given : ((await read(message, signal)) ?? given)
  }

  /** Frozen pictures: freezing twice gives the same name. */
  const picturesOf = async (shared: readonly SharedFile[], signal: AbortSignal): Promise<SnapshotRef[]> => {
    const refs: SnapshotRef[] = []
    for (const file of shared.filter(isPicture).slice(0, MOST_PICTURES)) {
      const picture = await files.picture(file, signal)
      if (!picture) continue
      const title = file.title || file.name || 'Picture'
      const about = {
        kind: 'image',
        source: 'slack',
        title,
        ...(file.permalink ? { url: file.permalink } : {}),
      } as const
      const body = { mediaType: picture.mediaType, base64: picture.bytes.toString('base64'), notes: [] }
      refs.push({ hash: await freeze({ ...about, ...body }), ...about })
    }
    return refs
  }

  /** A timeline entry without its link is better than none, so a refusal costs only the link. */
  const linkTo = async ({ channel, ts }: MessagePlace, signal: AbortSignal): Promise<string | undefined> => {
    const which = { channel, message_ts: ts }
    try {
      const { permalink } = await slack.call<{ permalink?: string }>('chat.getPermalink', which, signal)
      return permalink
    } catch (error) {
      if (error instanceof SlackRefusal) return undefined
      throw error
    }
  }

  const sayItIsGone = async ({ by, message }: Marked, signal: AbortSignal): Promise<void> => {
    const text =
      'That message was deleted before I could add it to the timeline. `/incident note <what it said>` adds it in your own words.'
    try {
      await slack.call('chat.postEphemeral', { channel: message.channel, user: by, text }, signal)
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
    }
  }

  // Reading twice is harmless; the note is recorded once, with this effect's id.
  const keep_message: EffectHandler<'keep_message'> = async (_effect, { cause, incident, signal, attempt }) => {
    if (cause.type !== 'message_marked') return []
    const { message } = cause
    const kept = keptAt(incident, message)
    // Marked again after it was kept, or unmarked before it could be.
    if (kept && (kept.entry !== undefined || kept.marks.length === 0)) return []
    const seen = await found(cause, signal)
    if (!seen) {
      await sayItIsGone(cause, signal)
      return []
    }
    const { text, author, parent, files: shared = [] } = seen
    const pictures = attempt < ATTEMPTS_WITH_PICTURES ? await picturesOf(shared, signal) : []
    const link = cause.link ?? (await linkTo(message, signal))
    return [
      {
        type: 'noted',
        // What a bot wrote is kept in the name of the person who marked it.
        by: author && isPerson(author) ? author : cause.by,
        at: Math.min(now(), Math.round(Number(message.ts) * 1000)),
        text,
        message,
        ...(parent ? { parent } : {}),
        ...(pictures.length > 0 ? { pictures } : {}),
        ...(link ? { link } : {}),
      },
    ]
  }

  /** The mark is a courtesy, so any refusal ends it quietly: `already_reacted`, `no_reaction`. */
  const react = async (
    method: 'reactions.add' | 'reactions.remove',
    { channel, ts }: MessagePlace,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      await slack.call(method, { channel, timestamp: ts, name: KEPT_MARK }, signal)
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
    }
  }

  const mark_kept: EffectHandler<'mark_kept'> = async (_effect, { cause, incident, signal }) => {
    if (cause.type !== 'noted' || !cause.message) return []
    if (keptAt(incident, cause.message)?.marks.length !== 0) await react('reactions.add', cause.message, signal)
    return []
  }

  const unmark_kept: EffectHandler<'unmark_kept'> = async (_effect, { cause, incident, signal }) => {
    if (cause.type !== 'message_unmarked' || keptAt(incident, cause.message)?.marks.length !== 0) return []
    await react('reactions.remove', cause.message, signal)
    return []
  }

  return { keep_message, mark_kept, unmark_kept }
}

/** Replies to the message that an incident was declared from, so that its readers know where to go. */
export const sourceEffects = ({ poster }: { poster: Poster }) => {
  // The answer carries the effect's mark: a second attempt finds it.
  const answer_source: EffectHandler<'answer_source'> = async (_effect, context) => {
    const { id, source, channel, private: hidden } = context.incident
    if (!source || !channel || hidden) return []
    const text = mrkdwn(say`${strong(id)} was declared from this: ${{ channel: channel.id }}`)
    const threadTs = source.thread ?? source.ts
    try {
      await poster.post({ text, blocks: [small(text)], channel: source.channel, threadTs, ...markOf(context) })
    } catch (error) {
      // A private channel that Muster is not in, or a message that is gone.
      if (!(error instanceof SlackRefusal)) throw error
    }
    return []
  }
  return { answer_source }
}
