import { fromSlack } from '../mrkdwn.ts'
import type { Respond } from '../replies.ts'
import type { ListenerOptions } from './listeners.ts'

/** `/incident ...`, and buttons, which are the same sub-commands with their input filled in. */
export const listenToCommands = ({ app, host, replies }: ListenerOptions): void => {
  for (const name of ['/incident', '/inc'])
    app.command(name, async ({ ack, command, respond }) => {
      const { user_id: person, channel_id: channel, trigger_id: triggerId } = command
      const doer = { person, channel, once: `slack:${triggerId}` }
      const work = host.command(fromSlack(command.text), doer)
      await replies.answerCommand(work, { doer, triggerId, respond: respond as Respond }, ack)
    })

  app.action(/^run:/, async ({ ack, body, action, respond }) => {
    const { user, channel, trigger_id } = body as {
      user: { id: string }
      channel?: { id: string }
      trigger_id?: string
    }
    const { value = '', action_ts } = action as { value?: string; action_ts?: string }
    const doer = { person: user.id, channel: channel?.id ?? user.id, once: `slack:action:${user.id}:${action_ts}` }
    const waiting = { doer, triggerId: trigger_id, respond: channel ? (respond as Respond) : undefined }
    await replies.answerClick(host.command(value, doer), waiting, ack)
  })

  // A button that is only a link still reports its click.
  app.action(/^(?!run:)/, async ({ ack }) => ack())
}
