import type { ViewOutput } from '@slack/bolt'
import type { Answer, Reply, Speaker } from '../../../incident/form.ts'
import { FORM_CALLBACK, type FormPurpose, replyModal, valuesOf } from '../forms.ts'
import { replyMessage } from '../reply-message.ts'
import type { ListenerOptions } from './listeners.ts'

/** Submitted forms. */
export const listenToViews = ({ app, host, replies, log }: ListenerOptions): void => {
  /** Undefined when it could not be recorded: the form stays open with everything in it. */
  const submitted = async (
    view: ViewOutput,
    { command, incident, given }: FormPurpose,
    speaker: Speaker,
  ): Promise<Answer | undefined> => {
    try {
      const values = { ...given, ...valuesOf(view.state.values as never) }
      return await host.submit(command, values, speaker, incident)
    } catch (error) {
      log.error('a form could not be recorded', { command, error })
      return undefined
    }
  }

  app.view(FORM_CALLBACK, async ({ ack, body, view }) => {
    const purpose = JSON.parse(view.private_metadata) as FormPurpose
    const speaker = { person: body.user.id, channel: purpose.channel, once: `slack:view:${view.id}` }
    const answer = await submitted(view, purpose, speaker)
    if (!answer) {
      const first = view.blocks[0]?.block_id ?? ''
      const sorry = 'This could not be recorded just now. Nothing is lost: please submit again.'
      await ack({ response_action: 'errors', errors: { [first]: sorry } })
    } else if (answer.kind === 'errors') {
      await ack({ response_action: 'errors', errors: answer.errors })
    } else if (answer.kind === 'reply' && !(await replies.shown(answer.reply, speaker))) {
      // It is recorded, and Slack's Web API does not respond: the form itself is the only place left to report it.
      await ack({ response_action: 'update', view: replyModal(replyBlocks(answer.reply)) as never })
    } else await ack()
  })
}

const replyBlocks = (reply: Reply) => replyMessage(reply).blocks
