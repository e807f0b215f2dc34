import { type Block, USED_ONCE } from '../block.ts'
import { fromSlack } from '../mrkdwn.ts'
import type { Respond } from '../replies.ts'
import type { ListenerOptions } from './listeners.ts'

type ClickedMessage = { ts: string; text: string; blocks?: Block[] }

type Clicked = { value?: string; selected_option?: { value: string }; action_ts?: string; block_id?: string }

/** `/incident ...`, and buttons, which are the same sub-commands with their input filled in. */
export const listenToCommands = ({ app, slack, host, replies, log }: ListenerOptions): void => {
  /** Slack keeps a message's metadata when an edit does not mention it. */
  const removeButtons = async (channel: string, { ts, text, blocks = [] }: ClickedMessage): Promise<void> => {
    const rest = blocks.filter((block) => block.block_id !== USED_ONCE)
    await slack
      .call('chat.update', { channel, ts, text, blocks: rest })
      .catch((error: unknown) => log.warn('used buttons could not be removed', { channel, error }))
  }

  for (const name of ['/incident', '/inc'])
    app.command(name, async ({ ack, command, respond }) => {
      const { user_id: person, channel_id: channel, trigger_id: triggerId } = command
      const speaker = { person, channel, once: `slack:${triggerId}` }
      const work = host.command(fromSlack(command.text), speaker)
      await replies.answerCommand(work, { speaker, triggerId, respond: respond as Respond }, ack)
    })

  app.action(/^run:/, async ({ ack, body, action, respond }) => {
    const { user, channel, trigger_id, message } = body as {
      user: { id: string }
      channel?: { id: string }
      trigger_id?: string
      message?: ClickedMessage
    }
    // An entry of a menu stands where a button's value does.
    const { selected_option, value = selected_option?.value ?? '', action_ts, block_id } = action as Clicked
    const speaker = { person: user.id, channel: channel?.id ?? user.id, once: `slack:action:${user.id}:${action_ts}` }
    const waiting = { speaker, triggerId: trigger_id, respond: channel ? (respond as Respond) : undefined }
    const answer = await replies.answerClick(host.command(value, speaker), waiting, ack)
    // A form may still be closed without being sent; then the button is needed again.
    if (block_id === USED_ONCE && channel && message && answer?.kind === 'reply')
      await removeButtons(channel.id, message)
  })

  // A button that is only a link still reports its click.
  app.action(/^(?!run:)/, async ({ ack }) => ack())
}
