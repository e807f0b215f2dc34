import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { RecordedEvent } from '../../../incident/event.ts'
import type { Incident } from '../../../incident/incident.ts'
import { formatDuration, shorten, spanMs } from '../../../incident/measure.ts'
import { type Phrase, person, say, strong, time, typed } from '../../../incident/phrase.ts'
import { outsideText } from '../../../incident/update.ts'
import { actions, type Block, commandButton, sections } from '../block.ts'
import { SlackRefusal } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { STATUS_NAMES, severityNamed } from '../words.ts'
import { type MessageOptions, markOf } from './message-options.ts'

type Place = { name: string; channel: string; threadTs?: string; buttons?: Block[] }

/** Delivers updates, and the end, to subscribers outside the incident's channel. */
export const followerEffects = ({ poster, words, channels }: MessageOptions) => {
  // What an earlier attempt sent is remembered, and each message is found by its own marker.
  const tell_followers: EffectHandler<'tell_followers'> = async (_effect, context) => {
    const { incident, cause, progress } = context
    const sentence = sentenceOf(cause, incident)
    if (!sentence) return []
    const { name, emoji } = severityNamed(incident.severity, words)
    const headed = mrkdwn([
      ...say`${emoji} ${strong(`${name} ${incident.id}`)} ${incident.drill ? '(drill) ' : ''}${shorten(incident.title, 300)}\n`,
      ...sentence,
    ])
    const mark = markOf(context)
    for (const { name: place, channel, threadTs, buttons = [] } of placesOf(incident)) {
      if (progress.get(place)) continue
      const text = threadTs ? mrkdwn(sentence) : headed
      const message = { text, blocks: [...sections(text), ...buttons], channel, threadTs }
      await poster.post({ ...message, ...mark, effectId: `${mark.effectId}/${place}` }).catch((error: unknown) => {
        // A deleted channel, or a deactivated account, must not keep the others from being notified.
        if (!(error instanceof SlackRefusal)) throw error
      })
      await progress.set(place, 'done')
    }
    return []
  }

  /** For a private incident only members are notified; a drill is not reported to stakeholders. */
  const placesOf = ({ id, messages, subscribers = [], private: hidden, drill, people }: Incident): Place[] => {
    const unsubscribe = [actions(commandButton('Unsubscribe', `unsubscribe ${id}`))]
    const threads = (['announcement', 'owners'] as const).flatMap((name) => {
      const where = messages[name]
      return where && !hidden ? [{ name, channel: where.channel, threadTs: where.ts }] : []
    })
    const stakeholders = hidden || drill ? [] : (channels.stakeholders ?? [])
    return [
      ...threads,
      ...stakeholders.map((channel) => ({ name: channel, channel })),
      ...subscribers
        .filter((one) => !hidden || people.includes(one))
        .map((one) => ({ name: one, channel: one, buttons: unsubscribe })),
    ]
  }

  return { tell_followers }
}

const sentenceOf = (event: RecordedEvent, incident: Incident): Phrase[] | undefined => {
  if (event.type === 'update_posted')
    return [
      ...say`:mega: ${typed(outsideText(event))} (${person(event.by)})`,
      ...(event.nextBy === undefined ? [] : say`\nNext update by ${time(event.nextBy)}`),
    ]
  if (event.type !== 'status_changed') return undefined
  const { milestones, declaredAt } = incident
  // When the impact began is only estimated from the final graphs; the declaration does not move.
  const lasted = spanMs(milestones.declared?.at ?? declaredAt, event.at)
  // Why and how is for the channel; what people outside should read is an update.
  return event.status === 'resolved'
    ? say`:white_check_mark: ${strong('Resolved')} ${formatDuration(lasted)} after it was declared`
    : say`${strong(STATUS_NAMES[event.status])}`
}
