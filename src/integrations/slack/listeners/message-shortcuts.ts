import type { ShortcutMessage } from '../host.ts'
import { fromSlack } from '../mrkdwn.ts'
import type { ListenerOptions } from './listeners.ts'

type Given = {
  team: { domain?: string } | null
  channel: { id: string }
  message: { ts: string; thread_ts?: string; text?: string; user?: string }
}

/** "Declare from message" and "Make action item": forms pre-filled from the message. */
export const listenToMessageShortcuts = ({ app, host, replies }: ListenerOptions): void => {
  const open =
    (command: 'declare' | 'action') =>
    async ({ ack, body }: { ack: () => Promise<unknown>; body: unknown }): Promise<void> => {
      const { user, trigger_id: triggerId } = body as { user: { id: string }; trigger_id: string }
      const message = messageOf(body as Given)
      const speaker = { person: user.id, channel: message.channel, once: `slack:${triggerId}` }
      await replies.answerClick(host.messageForm(command, message, speaker), { speaker, triggerId }, ack)
    }

  app.shortcut({ callback_id: 'declare_from_message', type: 'message_action' }, open('declare'))
  app.shortcut({ callback_id: 'make_action_item', type: 'message_action' }, open('action'))
}

/** Slack's payload has all that is needed: no call is made before the form opens. */
const messageOf = ({ team, channel, message }: Given): ShortcutMessage => {
  const { ts, thread_ts: thread, text = '', user: author } = message
  return {
    channel: channel.id,
    ts,
    text: fromSlack(text).trim(),
    ...(thread ? { thread } : {}),
    ...(author ? { author } : {}),
    ...(team?.domain ? { link: permalink(team.domain, channel.id, ts, thread) } : {}),
  }
}

/** Slack: what `chat.getPermalink` returns. */
const permalink = (domain: string, channel: string, ts: string, thread: string | undefined): string =>
  `https://${domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}${thread && thread !== ts ? `?thread_ts=${thread}&cid=${channel}` : ''}`
