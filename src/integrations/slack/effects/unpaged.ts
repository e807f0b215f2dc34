import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { labelsOf } from '../../../incident/labels.ts'
import { channel, isPerson, say, strong } from '../../../incident/phrase.ts'
import { sentenceOf } from '../../../incident/sentence.ts'
import { isActive } from '../../../incident/status.ts'
import { section } from '../block.ts'
import { SlackRefusal } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { type MessageOptions, markOf } from './message-options.ts'

/** Reports in #incidents, to the owners and to whoever declared it that nobody is responding. */
export const unpagedEffects = ({ poster, words, channels }: MessageOptions) => {
  // Each message is found by its own mark when this runs again.
  const warnUnpaged: EffectHandler<'warn_unpaged'> = async (_effect, context) => {
    const { incident, cause } = context
    // Nothing about a private incident is posted outside its channel, and a drill pages nobody.
    if (incident.private || incident.drill || !isActive(incident.status)) return []
    const owners = words.catalogue.get(incident.service ?? '')?.slackChannel
    const places = new Set([channels.announcements, owners, isPerson(incident.declaredBy) ? incident.declaredBy : ''])
    const text = mrkdwn([
      ...say`:rotating_light: ${strong(`${incident.id}: nobody has been reached.`)} `,
      ...(sentenceOf(cause, labelsOf(words)) ?? []),
      ...say`. Call somebody by phone`,
      ...(incident.channel ? say`, and come to ${channel(incident.channel.id)}` : []),
      ...say`.`,
    ])
    const mark = markOf(context)
    for (const place of places) {
      if (!place) continue
      try {
        const effectId = `${mark.effectId}/${place}`
        await poster.post({ ...mark, effectId, channel: place, text, blocks: [section(text)] })
      } catch (error) {
        // A deleted channel must not keep the others from being notified.
        if (!(error instanceof SlackRefusal)) throw error
      }
    }
    return []
  }
  return { warn_unpaged: warnUnpaged }
}
