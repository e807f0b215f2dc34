import type { Core } from './core.ts'
import type { Delivery } from './delivery.ts'
import type { Person } from './people.ts'
import { refuse } from './refusal.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { Channel, Message } from './state.ts'

/** What acts need beside the workspace: the way to the app, and addresses for its answers. */
export type ActionContext = { core: Core; delivery: Delivery; responseUrls: ResponseUrls }

/** A channel this person can look into. */
export const visibleChannel = ({ workspace }: Core, id: string, person: Person): Channel => {
  const channel = workspace.channels.get(id)
  const visible = channel && (channel.kind === 'channel' || channel.members.includes(person.id))
  return visible ? channel : refuse('channel_not_found')
}

/** A message this person can look at. */
export const visibleMessage = (core: Core, at: { channel: string; ts: string }, person: Person): Message => {
  const message = core.workspace.messageAt(visibleChannel(core, at.channel, person), at.ts)
  return message && (message.onlyFor ?? person.id) === person.id ? message : refuse('message_not_found')
}
