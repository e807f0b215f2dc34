import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

test('the form that resolves an incident asks for the service at fault, and the postmortem shows it', {
  timeout: 60_000,
}, async () => {
  await stack.alertmanager({ name: 'HighLatency', service: 'shipping' })
  const channel = await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  await stack.command(people.dana, channel.id, 'resolve')
  const modal = await until('the form', () =>
    stack.sandbox.slack.dump().modals.find(({ user }) => user === people.dana),
  )
  expect(JSON.stringify(modal)).toContain('Which service was at fault?')
  const text = (value: string) => ({ value: { type: 'plain_text_input', value } })
  const state = { text: text('pool enlarged'), cause: text('MySQL') }
  await stack.act({ type: 'submit_modal', as: people.dana, modal: modal.id, state })
  const incident = await until('the end', async () => {
    const now = await stack.muster.store.read('INC-1')
    return now?.status === 'resolved' && now
  })
  expect(incident.cause?.service).toMatch(/^mysql$/i)
  await until('the line in the channel', () =>
    stack
      .messages(channel.id)
      .map(textOf)
      .find((said) => said.includes('named the cause')),
  )
  expect(await stack.muster.postmortems.markdown('INC-1')).toMatch(/At fault: `?mysql/i)
})
