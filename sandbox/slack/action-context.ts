import type { Core } from './core.ts'
import type { Delivery } from './delivery.ts'
import type { Person } from './people.ts'
import { refuse } from './refusal.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { Channel, Message } from './state.ts'

/** Dependencies of people's actions. */
export type ActionContext = { core: Core; delivery: Delivery; responseUrls: ResponseUrls }

/** The channel, if the person can see it. @throws SlackRefusal otherwise. */
export const visibleChannel = ({ workspace }: Core, id: string, person: Person): Channel => {
  const channel = workspace.channels.get(id)
  const visible = channel && (channel.kind === 'channel' || channel.members.includes(person.id))
  return visible ? channel : refuse('channel_not_found')
}

/** The message, if the person can see it. @throws SlackRefusal otherwise. */
export const visibleMessage = (core: Core, at: { channel: string; ts: string }, person: Person): Message => {
  const message = core.workspace.messageAt(visibleChannel(core, at.channel, person), at.ts)
  return message && (message.onlyFor ?? person.id) === person.id ? message : refuse('message_not_found')
}
