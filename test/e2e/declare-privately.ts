import type { Incident } from '../../src/incident/incident.ts'
import { type Stack, until } from './stack.ts'

/** Declares a private incident by the form, and waits until it is set up. */
export const declarePrivately = async (stack: Stack, as: string, title: string): Promise<Incident> => {
  await stack.act({ type: 'shortcut', as, callbackId: 'declare_incident' })
  const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === as))
  const option = (value: string) => ({ value, text: { type: 'plain_text', text: value } })
  await stack.act({
    type: 'submit_modal',
    as,
    modal: modal.id,
    state: {
      title: { value: { type: 'plain_text_input', value: title } },
      severity: { value: { type: 'static_select', selected_option: option('sev1') } },
      private: { value: { type: 'checkboxes', selected_options: [option('on')] } },
    },
  })
  const incident = await until('the incident', async () =>
    (await stack.muster.store.list()).find((one) => one.title === title),
  )
  await stack.settled()
  return (await stack.muster.store.read(incident.id))!
}
