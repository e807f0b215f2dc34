import { homeOf } from '../home.ts'
import type { ListenerOptions } from './listeners.ts'

/** The Home tab, and the global shortcut that declares. */
export const listenToHome = ({ app, slack, host, replies, words }: ListenerOptions): void => {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return
    const view = homeOf(await host.openIncidents(), event.user, words)
    await slack.call('views.publish', { user_id: event.user, view })
  })

  app.shortcut('declare_incident', async ({ ack, body }) => {
    await ack()
    const doer = { person: body.user.id, channel: body.user.id, once: `slack:${body.trigger_id}` }
    await replies.guarded(doer, async () => replies.give(await host.command('declare', doer), doer, body.trigger_id))
  })
}
