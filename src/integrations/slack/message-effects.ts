import type { EffectContext } from '../../incident/effect-handler.ts'
import type { IncidentEvent, MessageName } from '../../incident/event.ts'
import type { ChartSnapshot, Snapshot } from '../../incident/evidence.ts'
import type { Incident } from '../../incident/incident.ts'
import { say, strong } from '../../incident/phrase.ts'
import { isActive, isOver } from '../../incident/status.ts'
import { sentenceOf } from '../../incident/timeline.ts'
import { context } from './block.ts'
import { refusedWith, type Slack, SlackRefusal } from './client.ts'
import { announcementOf, postmortemOf, remindedOf, toldOf, triageOf } from './messages.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Message, Poster } from './post.ts'
import { summaryOf, type Words } from './summary.ts'

export type MessageOptions = {
  slack: Slack
  poster: Poster
  words: Words
  now: () => number
  /** Channel ids or names like #incidents; empty for nowhere. */
  channels: { announcements: string; triage: string }
  snapshot(hash: string): Promise<Snapshot | undefined>
  documents(id: string): { html: string; markdown: string; json: string } | undefined
}

/** The messages: one live summary, one line where it is announced, one line for each thing people must know. */
export const messageEffects = ({ slack, poster, words, now, channels, snapshot, documents }: MessageOptions) => {
  const learned = () => ({ by: 'slack', at: now() })
  const once = ({ effectId, attempt, queuedAt }: EffectContext) => ({ effectId, attempt, since: queuedAt })

  const posted = (message: MessageName, where: { channel: string; ts: string }): IncidentEvent[] => [
    { ...learned(), type: 'message_posted', message, ...where },
  ]

  /** The chart worth showing first: the latest look's first one with data. */
  const chartOf = async (incident: Incident): Promise<ChartSnapshot | undefined> => {
    for (const { hash, kind } of incident.evidence) {
      if (kind !== 'chart') continue
      const found = await snapshot(hash)
      if (found?.kind === 'chart' && found.series.length > 0) return found
    }
    return undefined
  }

  /** The owners hear of it in their own channel; one that Slack refuses costs a line on the timeline, not the announcement. */
  const tellOwners = async (message: Message, context: EffectContext): Promise<IncidentEvent[]> => {
    const channel = words.catalogue.get(context.incident.service ?? '')?.slackChannel
    if (!channel || channel === channels.announcements) return []
    const marked = { ...once(context), effectId: `${context.effectId}/owners` }
    try {
      await poster.post({ ...message, channel, ...marked })
      return []
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      return [{ by: 'muster', at: now(), type: 'noted', text: `Could not announce it in ${channel}: ${error.message}` }]
    }
  }

  return {
    post_summary: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident } = context
      if (!incident.channel || incident.messages.summary) return []
      const message = summaryOf(incident, words, await chartOf(incident))
      return posted('summary', await poster.post({ ...message, channel: incident.channel.id, ...once(context) }))
    },

    // Editing twice is harmless.
    refresh_summary: async (_effect: unknown, { incident }: EffectContext): Promise<IncidentEvent[]> => {
      const { summary } = incident.messages
      if (summary) await poster.edit(summary, summaryOf(incident, words, await chartOf(incident)))
      return []
    },

    pin_summary: async (_effect: unknown, { incident }: EffectContext): Promise<IncidentEvent[]> => {
      const { summary } = incident.messages
      if (!summary) return []
      try {
        await slack.call('pins.add', { channel: summary.channel, timestamp: summary.ts })
      } catch (error) {
        if (!refusedWith(error, 'already_pinned')) throw error
      }
      return [{ ...learned(), type: 'step_done', step: 'pin' }]
    },

    announce: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident } = context
      // Nothing about a private incident is ever said in public.
      if (incident.private || incident.messages.announcement || isOver(incident)) return []
      if (!channels.announcements)
        return [{ ...learned(), type: 'step_done', step: 'announcement', text: 'not wanted' }]
      const message = announcementOf(incident, words)
      const announced = await poster.post({ ...message, channel: channels.announcements, ...once(context) })
      return [...posted('announcement', announced), ...(await tellOwners(message, context))]
    },

    refresh_announcement: async (_effect: unknown, { incident }: EffectContext): Promise<IncidentEvent[]> => {
      const { announcement } = incident.messages
      if (announcement) await poster.edit(announcement, announcementOf(incident, words))
      return []
    },

    post_triage: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident } = context
      if (!channels.triage || incident.messages.triage) return []
      // Declared or dismissed before anybody was asked; a later attempt may find that somebody was.
      if (incident.status !== 'triage' && context.attempt === 1) return []
      return posted(
        'triage',
        await poster.post({ ...triageOf(incident, words), channel: channels.triage, ...once(context) }),
      )
    },

    refresh_triage: async (_effect: unknown, { incident }: EffectContext): Promise<IncidentEvent[]> => {
      const { triage } = incident.messages
      if (triage) await poster.edit(triage, triageOf(incident, words))
      return []
    },

    tell: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident, cause } = context
      const sentence = sentenceOf(cause)
      // Before there is a channel, the summary will tell.
      if (!incident.channel) return []
      const message = cause.type === 'reminded' ? remindedOf(cause) : sentence && toldOf(cause, sentence, incident)
      if (!message) return []
      await poster.post({ ...message, channel: incident.channel.id, ...once(context) })
      return []
    },

    warn_declarer: async ({ reason }: { reason: string }, incidentContext: EffectContext): Promise<IncidentEvent[]> => {
      const { incident } = incidentContext
      if (!/^[UW][A-Z0-9]+$/.test(incident.declaredBy)) return []
      const sentence = say`I could not open the channel of ${strong(incident.id)}: ${reason} The incident is recorded and nothing is lost; mend it and type /incident retry ${incident.id}.`
      await poster.post({
        text: mrkdwn(sentence),
        blocks: [context(mrkdwn(sentence))],
        channel: incident.declaredBy,
        ...once(incidentContext),
      })
      return []
    },

    share_postmortem: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident } = context
      // Opened again meanwhile: the draft comes when it is over.
      if (!incident.channel || isActive(incident.status)) return []
      const message = postmortemOf(incident, documents(incident.id))
      const { postmortem } = incident.messages
      // A later draft takes the place of the one before: nobody should have to look which is the newest.
      if (postmortem) {
        await poster.edit(postmortem, message)
        return []
      }
      return posted('postmortem', await poster.post({ ...message, channel: incident.channel.id, ...once(context) }))
    },
  }
}
