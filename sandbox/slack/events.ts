import type { Core } from './core.ts'
import type { Delivery } from './delivery.ts'
import { channelJson, messageJson } from './payloads.ts'
import type { Channel, Message, WorkspaceChange } from './state.ts'
import { viewJson } from './views.ts'

type Event = { type: string; [member: string]: unknown }

/** Sends the app the events its manifest subscribes to, from conversations it is a member of. */
export const sendEvents = (core: Core, delivery: Delivery): (() => void) => {
  const { workspace, manifest } = core
  const subscribed = new Set(manifest.settings.event_subscriptions?.bot_events ?? [])

  return workspace.subscribe((change) => {
    for (const { subscription, event } of eventsOf(change, core)) {
      if (!subscribed.has(subscription)) continue
      // The call that caused the event gets its response first: Slack delivers events asynchronously.
      setImmediate(() => delivery.sendEvent({ kind: 'events_api', payload: envelope(core, event) }))
    }
  })
}

const envelope = ({ workspace }: Core, event: Event): Record<string, unknown> => ({
  token: 'deprecatedVerifToken',
  team_id: workspace.team.id,
  context_team_id: workspace.team.id,
  context_enterprise_id: null,
  api_app_id: workspace.app.id,
  event,
  type: 'event_callback',
  event_id: workspace.newId('Ev'),
  event_time: workspace.seconds(),
  event_context: '4-sandbox',
  is_ext_shared_channel: false,
  authorizations: [
    {
      enterprise_id: null,
      team_id: workspace.team.id,
      user_id: workspace.app.botUser,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
})

type SubscribedEvent = { subscription: string; event: Event }

/** The events for a workspace change, each with the subscription it requires. */
const eventsOf = (change: WorkspaceChange, core: Core): SubscribedEvent[] => {
  const { workspace } = core
  const bot = workspace.app.botUser
  const event_ts = workspace.newTs()
  const single = (type: string, members: object): SubscribedEvent[] => [
    { subscription: type, event: { type, ...members, event_ts } },
  ]
  const isMember = (channel: Channel): boolean => channel.members.includes(bot)

  switch (change.type) {
    case 'message':
    case 'message_changed':
    case 'message_deleted': {
      const { message } = change
      const channel = workspace.channels.get(message.channel)!
      if (!isMember(channel) || message.onlyFor) return []
      const event = messageEvent(change, channel, core, event_ts)
      const mentioned = change.type === 'message' && !message.byApp && message.text.includes(`<@${bot}>`)
      return [
        { subscription: messageSubscription[channel.kind], event },
        ...(mentioned ? [{ subscription: 'app_mention', event: { ...event, type: 'app_mention' } }] : []),
      ]
    }
    case 'reaction': {
      const { message, user, name } = change
      if (!isMember(workspace.channels.get(message.channel)!)) return []
      const item = { type: 'message', channel: message.channel, ts: message.ts }
      const type = change.added ? 'reaction_added' : 'reaction_removed'
      return single(type, { user, reaction: name, item, item_user: message.user })
    }
    case 'member_joined':
    case 'member_left': {
      const { channel, user, inviter } = change
      if (!isMember(channel) && user !== bot) return []
      const channel_type = channel.kind === 'private' ? 'G' : 'C'
      const place = { user, channel: channel.id, channel_type, team: workspace.team.id }
      return single(`${change.type}_channel`, { ...place, ...(inviter && { inviter }) })
    }
    case 'channel_created': {
      const { channel } = change
      return channel.kind === 'channel' ? single(change.type, { channel: channelJson(workspace, channel) }) : []
    }
    case 'channel_rename': {
      const { id, name, created } = change.channel
      return single(change.type, { channel: { id, name, created } })
    }
    case 'channel_archive':
    case 'channel_unarchive':
      return single(change.type, { channel: change.channel.id, user: change.by })
    case 'pin': {
      const { channel, by } = change
      if (!isMember(channel)) return []
      const message = messageJson(workspace, change.message)
      const item = { type: 'message', channel: channel.id, created: workspace.seconds(), created_by: by, message }
      const details = { item, item_user: change.message.user, pin_count: String(channel.pins.length) }
      return single(change.added ? 'pin_added' : 'pin_removed', { user: by, channel_id: channel.id, ...details })
    }
    case 'home_opened': {
      const { user, channel } = change
      const home = workspace.homes.get(user)
      const view = home && { view: viewJson(core, home) }
      return single('app_home_opened', { user, channel: channel.id, tab: 'home', ...view })
    }
    case 'channel_changed':
    case 'modals':
    case 'home':
      return []
    default:
      return change satisfies never
  }
}

const messageSubscription = { channel: 'message.channels', private: 'message.groups', dm: 'message.im' }
const channelTypes = { channel: 'channel', private: 'group', dm: 'im' }

const messageEvent = (
  change: Extract<WorkspaceChange, { message: Message; type: `message${string}` }>,
  channel: Channel,
  { workspace }: Core,
  event_ts: string,
): Event => {
  const shown = messageJson(workspace, change.message)
  const place = { channel: channel.id, channel_type: channelTypes[channel.kind] }
  switch (change.type) {
    case 'message':
      return { ...shown, ...place, event_ts: change.message.ts }
    case 'message_changed': {
      const previous_message = messageJson(workspace, change.previous)
      const details = { message: shown, previous_message, hidden: true, ts: event_ts, event_ts }
      return { type: 'message', subtype: 'message_changed', ...place, ...details }
    }
    case 'message_deleted': {
      const details = { previous_message: shown, deleted_ts: change.message.ts, hidden: true, ts: event_ts, event_ts }
      return { type: 'message', subtype: 'message_deleted', ...place, ...details }
    }
    default:
      return change satisfies never
  }
}
