import { type ActionItemOptions, actionItemEffects } from './action-items.ts'
import { type AnnouncementOptions, announcementEffects } from './announcement.ts'
import { archiveChannelEffects } from './archive-channel.ts'
import { type BookmarkOptions, bookmarkEffects } from './bookmarks.ts'
import { type CanvasOptions, canvasEffects } from './canvas.ts'
import { declarerEffects } from './declarer.ts'
import { type EvidenceOptions, evidenceEffects } from './evidence.ts'
import { followerEffects } from './followers.ts'
import { inChannel } from './in-channel.ts'
import { inviteEffects } from './invite.ts'
import { type JoinerOptions, joinerEffects } from './joiners.ts'
import { type KeptMessageOptions, keptMessageEffects, sourceEffects } from './kept-messages.ts'
import { oldButtonEffects } from './old-buttons.ts'
import { type OpenChannelOptions, openChannelEffects } from './open-channel.ts'
import { privacyEffects } from './privacy.ts'
import { type RenameChannelOptions, renameChannelEffects } from './rename-channel.ts'
import { responderEffects } from './responders.ts'
import { reviewEffects } from './review.ts'
import { type RuleOptions, ruleEffects } from './rules.ts'
import { type SummaryOptions, summaryEffects } from './summary.ts'
import { suspectsEffects } from './suspects.ts'
import { type TellOptions, tellEffects } from './tell.ts'
import { type TopicOptions, topicEffects } from './topic.ts'
import { unpagedEffects } from './unpaged.ts'

export type SlackEffectOptions = ActionItemOptions &
  AnnouncementOptions &
  KeptMessageOptions &
  OpenChannelOptions &
  RenameChannelOptions &
  TopicOptions &
  BookmarkOptions &
  SummaryOptions &
  TellOptions &
  JoinerOptions &
  RuleOptions &
  CanvasOptions &
  EvidenceOptions

/** Everything that Muster does in Slack, by effect. */
export const slackEffects = (options: SlackEffectOptions) => ({
  ...openChannelEffects(options),
  ...actionItemEffects(options),
  ...announcementEffects(options),
  ...unpagedEffects(options),
  ...privacyEffects(options),
  ...declarerEffects(options),
  ...sourceEffects(options),
  ...followerEffects(options),
  ...responderEffects(options),
  ...joinerEffects(options),
  ...reviewEffects(options),
  ...inChannel(options)({
    ...inviteEffects(options),
    ...topicEffects(options),
    ...renameChannelEffects(options),
    ...archiveChannelEffects(options),
    ...bookmarkEffects(options),
    ...summaryEffects(options),
    ...tellEffects(options),
    ...oldButtonEffects(options),
    ...ruleEffects(options),
    ...canvasEffects(options),
    ...evidenceEffects(options),
    ...suspectsEffects(options),
    ...keptMessageEffects(options),
  }),
})
