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
      .find((text) => text.includes('named the cause')),
  )
  expect(await stack.muster.postmortems.markdown('INC-1')).toMatch(/At fault: `?mysql/i)
  await until('the summary', () =>
    stack
      .messages(channel.id)
      .some((one) => channel.pins.some(({ ts }) => ts === one.ts) && /Cause: `mysql`/i.test(textOf(one))),
  )
})

test('the form of the postmortem shows the service at fault and changes it', { timeout: 60_000 }, async () => {
  const channel = stack.incidentChannel(1)!.id
  const inForm = async (as: string) => {
    await stack.command(as, channel, 'postmortem')
    const { id, definition } = await until('the form', () =>
      stack.sandbox.slack.dump().modals.find(({ user }) => user === as),
    )
    const { blocks } = definition as unknown as {
      blocks: { block_id: string; element: { initial_value?: string } }[]
    }
    const shown = Object.fromEntries(blocks.map(({ block_id, element }) => [block_id, element.initial_value ?? null]))
    const save = (changed: Record<string, string>) =>
      stack.act({
        type: 'submit_modal',
        as,
        modal: id,
        state: Object.fromEntries(
          Object.entries({ ...shown, ...changed }).map(([name, value]) => [
            name,
            { value: { type: 'plain_text_input', value } },
          ]),
        ),
      })
    return { shown, save }
  }
  const cause = async () => (await stack.muster.store.read('INC-1'))?.cause?.service
  const before = await cause()
  const robins = await inForm(people.robin)
  const danas = await inForm(people.dana)
  expect(danas.shown.cause).toBe(before)

  // A name that is none is said at its field, and the form stays open with the rest.
  await danas.save({ cause: 'x'.repeat(201), lucky: 'It was Sunday.' })
  expect(JSON.stringify(stack.sandbox.slack.dump().modals.find(({ user }) => user === people.dana))).toContain(
    'Name a service in under 200 characters',
  )
  await danas.save({ cause: 'session-store', lucky: 'It was Sunday.' })
  await until('the cause', async () => (await cause()) === 'session-store')
  const markdown = async () => (await stack.muster.postmortems.markdown('INC-1')) ?? ''
  expect(await markdown()).toContain('At fault: `session-store`')
  expect(await markdown()).toContain('It was Sunday.')

  // Robin's form still shows the cause of before; saving another section does not bring it back.
  await robins.save({ wrong: 'Nobody watched the connections.' })
  await until('the section', async () => (await markdown()).includes('Nobody watched the connections.'))
  expect(await cause()).toBe('session-store')
})
