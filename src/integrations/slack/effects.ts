import { type ChannelOptions, channelEffects } from './channel-effects.ts'
import { type EvidenceOptions, evidenceEffects } from './evidence-effects.ts'
import { type MessageOptions, messageEffects } from './message-effects.ts'

export type SlackEffectOptions = ChannelOptions & MessageOptions & EvidenceOptions

/** Everything that Muster does in Slack, by effect. */
export const slackEffects = (options: SlackEffectOptions) => ({
  ...channelEffects(options),
  ...messageEffects(options),
  ...evidenceEffects(options),
})
