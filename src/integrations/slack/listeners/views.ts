import type { Answer } from '../../../incident/form.ts'
import { FORM_CALLBACK, type FormPurpose, valuesOf } from '../forms.ts'
import type { ListenerOptions } from './listeners.ts'

/** Submitted forms. */
export const listenToViews = ({ app, host, replies, log }: ListenerOptions): void => {
  app.view(FORM_CALLBACK, async ({ ack, body, view }) => {
    const purpose = JSON.parse(view.private_metadata) as FormPurpose
    const doer = { person: body.user.id, channel: purpose.channel, once: `slack:view:${view.id}` }
    let answer: Answer
    try {
      answer = await host.submit(purpose.command, valuesOf(view.state.values as never), doer, purpose.incident)
    } catch (error) {
      log.error('a form could not be recorded', { command: purpose.command, error })
      const first = (view.blocks[0] as { block_id?: string } | undefined)?.block_id ?? ''
      await ack({
        response_action: 'errors',
        errors: { [first]: 'This could not be recorded just now. Nothing is lost: please submit again.' },
      })
      return
    }
    if (answer.kind === 'errors') {
      await ack({ response_action: 'errors', errors: answer.errors })
      return
    }
    await ack()
    await replies.guarded(doer, () => replies.give(answer, doer, undefined))
  })
}
