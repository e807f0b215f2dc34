import { acknowledged } from '../acknowledge.ts'
import { fromSlack } from '../mrkdwn.ts'
import type { Respond } from '../replies.ts'
import type { ListenerOptions } from './listeners.ts'

/** `/incident ...`, and buttons, which are the same sub-commands with their input filled in. */
export const listenToCommands = ({ app, host, replies }: ListenerOptions): void => {
  for (const name of ['/incident', '/inc'])
    app.command(name, async ({ ack, command, respond }) => {
      const doer = { person: command.user_id, channel: command.channel_id, once: `slack:${command.trigger_id}` }
      await replies.guarded(doer, async () => {
        const answer = await acknowledged(host.command(fromSlack(command.text), doer), ack)
        await replies.give(answer, doer, command.trigger_id, respond as Respond)
      })
    })

  app.action(/^run:/, async ({ ack, body, action, respond }) => {
    const { user, channel, trigger_id } = body as {
      user: { id: string }
      channel?: { id: string }
      trigger_id?: string
    }
    const { value = '', action_ts } = action as { value?: string; action_ts?: string }
    const doer = { person: user.id, channel: channel?.id ?? user.id, once: `slack:action:${user.id}:${action_ts}` }
    await replies.guarded(doer, async () => {
      const answer = await acknowledged(host.command(value, doer), ack)
      await replies.give(answer, doer, trigger_id, channel ? (respond as Respond) : undefined)
    })
  })

  // A button that is only a link still reports its click.
  app.action(/^(?!run:)/, async ({ ack }) => ack())
}
