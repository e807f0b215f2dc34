import type { EffectContext, EffectHandler } from '../../../incident/effect-handler.ts'
import type { IncidentEvent, RecordedEvent } from '../../../incident/event.ts'
import { CHANNEL_HIDDEN } from '../../../incident/hidden-channel.ts'
import type { Incident } from '../../../incident/incident.ts'
import { channel, isPerson, type Phrase, person, say, strong } from '../../../incident/phrase.ts'
import { actionsOnce, commandButton, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { type MessageOptions, markOf } from './message-options.ts'

/** Direct messages to whoever declared the incident: they requested it, and may be anywhere in Slack. */
export const declarerEffects = ({ poster }: MessageOptions) => {
  const notify_declarer: EffectHandler<'notify_declarer'> = async (_effect, context) => {
    const { incident, cause } = context
    const sentence = isPerson(incident.declaredBy) ? sentenceFor(cause, incident) : undefined
    if (!sentence) return []
    const text = mrkdwn(sentence)
    await poster.post({ text, blocks: [section(text)], channel: incident.declaredBy, ...markOf(context) })
    return []
  }

  const warn_declarer: EffectHandler<'warn_declarer'> = async ({ reason }, context) => {
    const { incident, cause } = context
    if (reason === CHANNEL_HIDDEN) return warnHidden(context)
    // Opened meanwhile, there is nothing to warn of.
    if (!isPerson(incident.declaredBy) || incident.channel) return []
    const later = cause.type === 'effect_delayed'
    const text = mrkdwn(
      later
        ? say`The channel of ${strong(incident.id)} is not open yet: ${reason} The incident is recorded and nothing is lost. The channel opens as soon as that is fixed.`
        : say`I could not open the channel of ${strong(incident.id)}: ${reason} The incident is recorded and nothing is lost. Once that is fixed, try again here, or type /incident retry ${incident.id} anywhere.`,
    )
    const tryAgain = actionsOnce(commandButton('Try again', `retry ${incident.id}`, 'primary'))
    const blocks = [section(text), ...(later ? [] : [tryAgain])]
    await poster.post({ text, blocks, channel: incident.declaredBy, ...markOf(context) })
    return []
  }

  /** Only people know whether the channel is gone: its commander, or else whoever declared it, may open another one. */
  const warnHidden = async (context: EffectContext): Promise<IncidentEvent[]> => {
    const { id, channel: hidden, declaredBy, roles } = context.incident
    const to = roles.commander ?? declaredBy
    if (!isPerson(to) || !hidden) return []
    const text = mrkdwn(
      say`I cannot see the channel of ${strong(id)} any more: it was deleted, or I was removed from it. Invite me again, or have a new private channel opened for the same people.`,
    )
    const again = actionsOnce(commandButton('Open a new channel', `retry ${id}`, 'primary'))
    await poster.post({ text, blocks: [section(text), again], channel: to, ...markOf(context) })
    return []
  }

  return { notify_declarer, warn_declarer }
}

const sentenceFor = (
  cause: RecordedEvent,
  { id, title, private: hidden, declaredBy }: Incident,
): Phrase[] | undefined => {
  if (cause.type === 'channel_opened')
    return say`${strong(id)} is open in ${channel(cause.channel)}${hidden ? '' : `: ${title}`}`
  if (cause.type !== 'people_invited' || cause.absent.length === 0) return undefined
  const others = cause.absent.filter((one) => one !== declaredBy)
  const names = others.flatMap((one, i) => [...(i === 0 ? [] : [{ text: ', ' }]), person(one)])
  const help = hidden
    ? 'Somebody who is in its channel can add them.'
    : 'They may be able to join the channel themselves.'
  return [
    ...(cause.absent.includes(declaredBy) ? say`Slack does not let me invite you to ${strong(id)}. ` : []),
    ...(others.length > 0 ? say`Slack does not let me invite ${names} to ${strong(id)}. ` : []),
    ...say`${help}`,
  ]
}
