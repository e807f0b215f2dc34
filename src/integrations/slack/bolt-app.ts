import { App, type AppOptions, type ReceiverEvent } from '@slack/bolt'
import { refuseMalformed } from './malformed.ts'

/**
 * Bolt, but an event is acknowledged when its listeners are done: Bolt itself acknowledges first, and what had not been
 * recorded when the process ended was lost. A listener that fails leaves the event unacknowledged, so that Slack sends
 * it again (at once, after 1 min, after 5 min).
 */
export class BoltApp extends App {
  constructor(options: AppOptions & { token: string }) {
    const { token, ...others } = options
    super({
      ...others,
      // Given a token, Bolt calls auth.test for every delivery and drops it when Slack does not answer.
      authorize: async () => ({ botToken: token }),
      // Leaving out what Muster does itself would need Bolt to know the bot's id; our listeners check for themselves.
      ignoreSelf: false,
    })
    // Whatever reaches this point was not recorded: the receiver answers with an error.
    this.error(async (error) => {
      throw error
    })
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    refuseMalformed(event.body)
    if (event.body.type !== 'event_callback') return super.processEvent(event)
    await super.processEvent({ ...event, ack: async () => {} })
    await event.ack()
  }
}
