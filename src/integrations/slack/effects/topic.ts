import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { Incident } from '../../../incident/incident.ts'
import { person, say } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import type { Memory } from '../../../platform/memory.ts'
import type { BoundedSlack } from '../client.ts'
import { cutMrkdwn, mrkdwn } from '../mrkdwn.ts'
import { STATUS_NAMES, severityNamed } from '../words.ts'

/** Slack: a topic holds at most 250 characters. */
const TOPIC_CHARACTERS = 250

export type TopicOptions = { slack: BoundedSlack; now: () => number; words: Vocabulary; memory: Memory }

/** Sets the channel's topic. Setting the same topic twice is harmless, but Slack posts a line for it. */
export const topicEffects = ({ slack, now, words, memory }: TopicOptions) => {
  const set_topic: EffectHandler<'set_topic'> = async (_effect, { incident, signal }) => {
    if (!incident.channel) return []
    const topic = cutMrkdwn(topicOf(incident, words), TOPIC_CHARACTERS)
    const key = `slack:topic:${incident.channel.id}`
    if ((await memory.recall(key))?.value !== topic) {
      await slack.call('conversations.setTopic', { channel: incident.channel.id, topic }, signal)
      await memory.remember(key, topic)
    }
    return incident.steps.topic?.state === 'done' ? [] : [{ by: 'slack', at: now(), type: 'step_done', step: 'topic' }]
  }
  return { set_topic }
}

/**
 * A mention in a topic shows as a name and pings nobody. Slack posts a line for every change of the topic, so it
 * contains only lasting facts and the end; the current status is on the summary.
 */
const topicOf = (incident: Incident, words: Vocabulary): string => {
  const { name: severity } = severityNamed(incident.severity, words)
  const commander = words.roles.find(({ id }) => id === 'commander')?.name ?? 'Commander'
  const who = incident.roles.commander
    ? say`${commander} ${person(incident.roles.commander)}`
    : say`No ${commander.toLowerCase()} yet`
  const status = isActive(incident.status) ? '' : `${STATUS_NAMES[incident.status]} \u00b7 `
  return mrkdwn(
    say`${incident.drill ? 'DRILL \u00b7 ' : ''}${severity} \u00b7 ${status}${who} \u00b7 ${incident.title}`,
  )
}
