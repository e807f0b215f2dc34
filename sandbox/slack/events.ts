import type { Core } from './core.ts'
import type { Delivery } from './delivery.ts'
import { channelJson, messageJson } from './payloads.ts'
import type { Channel, Message, WorkspaceChange } from './state.ts'
import { viewJson } from './views.ts'

type Event = { type: string; [member: string]: unknown }

/** Tells the app what happens in the workspace: the events its manifest subscribes to, from conversations it is in. */
export const sendEvents = (core: Core, delivery: Delivery): (() => void) => {
  const { workspace, manifest } = core
  const subscribed = new Set(manifest.settings.event_subscriptions?.bot_events ?? [])

  return workspace.subscribe((happening) => {
    for (const { subscription, event } of eventsOf(happening, core)) {
      if (!subscribed.has(subscription)) continue
      // Whoever caused it gets their answer first: at Slack, events travel on their own.
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

type Told = { subscription: string; event: Event }

/** The events of one happening, each with the subscription that lets it through. */
const eventsOf = (happening: WorkspaceChange, core: Core): Told[] => {
  const { workspace } = core
  const bot = workspace.app.botUser
  const event_ts = workspace.newTs()
  const tell = (type: string, members: object): Told[] => [
    { subscription: type, event: { type, ...members, event_ts } },
  ]
  const present = (channel: Channel): boolean => channel.members.includes(bot)

  switch (happening.type) {
    case 'message':
    case 'message_changed':
    case 'message_deleted': {
      const { message } = happening
      const channel = workspace.channels.get(message.channel)!
      if (!present(channel) || message.onlyFor) return []
      const event = messageEvent(happening, channel, core, event_ts)
      const mentioned = happening.type === 'message' && !message.byApp && message.text.includes(`<@${bot}>`)
      return [
        { subscription: messageSubscription[channel.kind], event },
        ...(mentioned ? [{ subscription: 'app_mention', event: { ...event, type: 'app_mention' } }] : []),
      ]
    }
    case 'reaction': {
      const { message, user, name } = happening
      if (!present(workspace.channels.get(message.channel)!)) return []
      const item = { type: 'message', channel: message.channel, ts: message.ts }
      const type = happening.added ? 'reaction_added' : 'reaction_removed'
      return tell(type, { user, reaction: name, item, item_user: message.user })
    }
    case 'member_joined':
    case 'member_left': {
      const { channel, user, inviter } = happening
      if (!present(channel) && user !== bot) return []
      const channel_type = channel.kind === 'private' ? 'G' : 'C'
      const place = { user, channel: channel.id, channel_type, team: workspace.team.id }
      return tell(`${happening.type}_channel`, { ...place, ...(inviter && { inviter }) })
    }
    case 'channel_created': {
      const { channel } = happening
      return channel.kind === 'channel' ? tell(happening.type, { channel: channelJson(workspace, channel) }) : []
    }
    case 'channel_rename': {
      const { id, name, created } = happening.channel
      return tell(happening.type, { channel: { id, name, created } })
    }
    case 'channel_archive':
    case 'channel_unarchive':
      return tell(happening.type, { channel: happening.channel.id, user: happening.by })
    case 'pin': {
      const { channel, by } = happening
      if (!present(channel)) return []
      const message = messageJson(workspace, happening.message)
      const item = { type: 'message', channel: channel.id, created: workspace.seconds(), created_by: by, message }
      const facts = { item, item_user: happening.message.user, pin_count: String(channel.pins.length) }
      return tell(happening.added ? 'pin_added' : 'pin_removed', { user: by, channel_id: channel.id, ...facts })
    }
    case 'home_opened': {
      const { user, channel } = happening
      const home = workspace.homes.get(user)
      const view = home && { view: viewJson(core, home) }
      return tell('app_home_opened', { user, channel: channel.id, tab: 'home', ...view })
    }
    case 'channel_changed':
    case 'modals':
    case 'home':
      return []
    default:
      return happening satisfies never
  }
}

const messageSubscription = { channel: 'message.channels', private: 'message.groups', dm: 'message.im' }
const channelTypes = { channel: 'channel', private: 'group', dm: 'im' }

const messageEvent = (
  happening: Extract<WorkspaceChange, { message: Message; type: `message${string}` }>,
  channel: Channel,
  { workspace }: Core,
  event_ts: string,
): Event => {
  const shown = messageJson(workspace, happening.message)
  const place = { channel: channel.id, channel_type: channelTypes[channel.kind] }
  switch (happening.type) {
    case 'message':
      return { ...shown, ...place, event_ts: happening.message.ts }
    case 'message_changed': {
      const previous_message = messageJson(workspace, happening.previous)
      const change = { message: shown, previous_message, hidden: true, ts: event_ts, event_ts }
      return { type: 'message', subtype: 'message_changed', ...place, ...change }
    }
    case 'message_deleted': {
      const change = { previous_message: shown, deleted_ts: happening.message.ts, hidden: true, ts: event_ts, event_ts }
      return { type: 'message', subtype: 'message_deleted', ...place, ...change }
    }
    default:
      return happening satisfies never
  }
}
