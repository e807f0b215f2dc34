import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { ChartSnapshot, Snapshot } from '../../../incident/evidence.ts'
import type { Incident } from '../../../incident/incident.ts'
import { refusedWith } from '../client.ts'
import type { Message } from '../post.ts'
import { isDeleted } from '../post.ts'
import type { SummaryContext } from '../summary/section.ts'
import { summaryOf } from '../summary/summary.ts'
import { type MessageOptions, markOf, messagePosted } from './message-options.ts'

export type SummaryOptions = MessageOptions & {
  snapshot(hash: string): Promise<Snapshot | undefined>
  /** Another incident, for links. */
  incident(id: string): Promise<Incident | undefined>
  /** The incident's symptoms, limited to what everybody may see. */
  similarTo(incident: Incident): Promise<SummaryContext['similar']>
}

/** The pinned summary: posted once, edited from then on. */
export const summaryEffects = ({ slack, poster, words, now, snapshot, incident: read, similarTo }: SummaryOptions) => {
  /** The chart to show inline: the first one of the latest evidence with data. */
  const chartOf = async (incident: Incident): Promise<ChartSnapshot | undefined> => {
    for (const { hash, kind } of incident.evidence) {
      if (kind !== 'chart') continue
      const found = await snapshot(hash)
      if (found?.kind === 'chart' && found.series.length > 0) return found
    }
    return undefined
  }
  const messageOf = async (incident: Incident): Promise<Message> =>
    summaryOf(incident, {
      words,
      chart: await chartOf(incident),
      similar: await similarTo(incident),
      mergedInto: incident.mergedInto ? (await read(incident.mergedInto))?.channel?.id : undefined,
    })

  const post_summary: EffectHandler<'post_summary'> = async (_effect, context) => {
    const { incident } = context
    if (!incident.channel || incident.messages.summary) return []
    const message = await messageOf(incident)
    const where = await poster.post({ ...message, channel: incident.channel.id, ...markOf(context) })
    return messagePosted('summary', where, now())
  }

  // Editing twice is harmless.
  const refresh_summary: EffectHandler<'refresh_summary'> = async (_effect, context) => {
    const { incident } = context
    const { summary } = incident.messages
    if (!incident.channel || !summary) return []
    const message = await messageOf(incident)
    try {
      await poster.edit(summary, message, context.signal)
      return []
    } catch (error) {
      if (!isDeleted(error)) throw error
      // Somebody deleted it: the channel needs its summary, so a new one is posted and pinned.
      const where = await poster.post({ ...message, channel: incident.channel.id, ...markOf(context) })
      return messagePosted('summary', where, now())
    }
  }

  // Pinning twice is refused as `already_pinned`.
  const pin_summary: EffectHandler<'pin_summary'> = async (_effect, { incident, signal }) => {
    const { summary } = incident.messages
    if (!summary) return []
    try {
      await slack.call('pins.add', { channel: summary.channel, timestamp: summary.ts }, signal)
    } catch (error) {
      if (!refusedWith(error, 'already_pinned')) throw error
    }
    return [{ by: 'slack', at: now(), type: 'step_done', step: 'pin' }]
  }

  return { post_summary, refresh_summary, pin_summary }
}
