import { botUserOf } from './bot-user.ts'
import type { ListenerOptions } from './listeners.ts'

/** People who join and leave channels. Recorded before Slack's delivery is acknowledged; a repeated one changes nothing. */
export const listenToMembers = ({ app, host }: ListenerOptions): void => {
  app.event('member_joined_channel', async ({ event, body }) => {
    const { user, channel, inviter = user, event_ts } = event
    if (user === botUserOf(body)) return
    const once = `slack:joined:${channel}:${user}:${event_ts}`
    await host.memberChanged({ member: user, joined: true }, { person: inviter, channel, once })
  })

  app.event('member_left_channel', async ({ event, body }) => {
    const { user, channel, event_ts } = event
    if (user === botUserOf(body)) return
    const once = `slack:left:${channel}:${user}:${event_ts}`
    await host.memberChanged({ member: user, joined: false }, { person: user, channel, once })
  })
}
