import type { HomeTabs } from '../home-tabs.ts'
import type { ListenerOptions } from './listeners.ts'

/** The Home tab, and the global shortcut that declares. */
export const listenToHome = ({ app, host, replies, log, homes }: ListenerOptions & { homes: HomeTabs }): void => {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return
    // Nothing is recorded, so the acknowledgement need not wait for it: opened again, the tab is published again.
    homes.opened(event.user).catch((error: unknown) => log.warn('a Home tab could not be shown', { error }))
  })

  app.shortcut('declare_incident', async ({ ack, body }) => {
    const { user, trigger_id: triggerId } = body
    const speaker = { person: user.id, channel: user.id, once: `slack:${triggerId}` }
    await replies.answerClick(host.command('declare', speaker), { speaker, triggerId }, ack)
  })
}
