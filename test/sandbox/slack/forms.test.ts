import { expect, test } from 'vitest'
import {
  type Answer,
  button,
  dana,
  filled,
  modal,
  openForm,
  type Payload,
  row,
  shapeOf,
  startApp,
} from './interactive-app.ts'
import { blocksOf, fixture, refusal } from './start.ts'

test('a trigger is valid once and for three seconds', async () => {
  let now = 1_763_700_000_000
  const { slack, client, received, channel } = await startApp(undefined, { scheduleNow: () => now })
  const trigger = async () => {
    await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: '' })
    return received.at(-1)!.trigger_id as string
  }
  const open = (trigger_id: string, view = modal()) => client.views.open({ trigger_id, view })
  const first = await trigger()
  now += 3000
  const { view } = await open(first)
  expect(shapeOf(view)).toEqual(shapeOf(fixture('api_views.open.ok').view))
  expect(await refusal(open(first))).toMatchObject({ error: 'exchanged_trigger_id' })
  const second = await trigger()
  now += 3001
  expect(await refusal(open(second))).toMatchObject(fixture('api_views.open.expired_trigger_id'))
  expect(await refusal(open('1.2.3'))).toMatchObject({ error: 'invalid_trigger_id' })
  const title = { type: 'plain_text' as const, text: 'x'.repeat(25) }
  expect(await refusal(open(await trigger(), modal({ title })))).toMatchObject(
    fixture('api_views.open.invalid_arguments'),
  )
  const large = modal({
    blocks: Array.from({ length: 90 }, () => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3000) } })),
  })
  expect(await refusal(open(await trigger(), large))).toMatchObject({ error: 'view_too_large' })
})

test('an incomplete form is not submitted; a submission has every input', async () => {
  const { slack, client, received, channel } = await startApp()
  const id = await openForm(slack, client, received, channel)
  await slack.act({ type: 'submit_modal', as: dana, modal: id, state: {} })
  expect(slack.workspace.modals.get(dana)![0]!.errors).toEqual({
    title: 'Please complete this required field.',
    severity: 'Please complete this required field.',
  })
  expect(received).toHaveLength(1)
  await slack.act({ type: 'submit_modal', as: dana, modal: id, state: filled })
  const expected = fixture('view_submission_optional_empty') as Payload
  const { values } = received[1]!.view.state
  expect(shapeOf(received[1])).toEqual(shapeOf(expected))
  expect(values).toMatchObject({
    commander: expected.view.state.values.commander,
    services: expected.view.state.values.services,
  })
  expect(slack.workspace.modals.get(dana)).toEqual([])
})

test.each([
  ['errors', { errors: { title: 'Say more.' } }, [{ title: 'Declare incident', errors: { title: 'Say more.' } }]],
  [
    'update',
    { view: modal({ title: { type: 'plain_text', text: 'Declaring' } }) },
    [{ title: 'Declaring', errors: {} }],
  ],
  [
    'push',
    { view: modal({ title: { type: 'plain_text', text: 'Sure?' } }) },
    [
      { title: 'Declare incident', errors: {} },
      { title: 'Sure?', errors: {} },
    ],
  ],
  ['clear', {}, []],
])('a submission can be answered with %s', async (response_action, body, shown) => {
  const answer: Answer = (payload) => (payload.type === 'view_submission' ? { response_action, ...body } : undefined)
  const { slack, client, received, channel } = await startApp(answer)
  const id = await openForm(slack, client, received, channel)
  expect(await slack.act({ type: 'submit_modal', as: dana, modal: id, state: filled })).toEqual({ ok: true })
  const open = slack.workspace.modals.get(dana) ?? []
  expect(
    open.map(({ definition, errors }) => ({ title: (definition.title as { text: string }).text, errors })),
  ).toEqual(shown)
})

test('errors for blocks that are not inputs fail the submission', async () => {
  const answer: Answer = (payload) =>
    payload.type === 'view_submission' ? { response_action: 'errors', errors: { nowhere: 'x' } } : undefined
  const { slack, client, received, channel } = await startApp(answer)
  const id = await openForm(slack, client, received, channel)
  const result = await slack.act({ type: 'submit_modal', as: dana, modal: id, state: filled })
  expect(result).toEqual({ ok: false, error: 'trouble_connecting' })
})

test('detects an update with an outdated hash', async () => {
  const { slack, client, received, channel } = await startApp()
  const view_id = await openForm(slack, client, received, channel)
  const { hash } = slack.workspace.modals.get(dana)![0]!
  await client.views.update({ view_id, hash, view: modal() })
  expect(await refusal(client.views.update({ view_id, hash, view: modal() }))).toMatchObject({ error: 'hash_conflict' })
  expect(await refusal(client.views.update({ view_id: 'V0NOWHERE1', view: modal() }))).toMatchObject({
    error: 'not_found',
  })
})

test('at most three modals can be stacked', async () => {
  const { slack, client, received, channel } = await startApp()
  const view = {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Pile' },
    blocks: blocksOf(row(button('more'))),
  }
  await openForm(slack, client, received, channel, view)
  const push = async () => {
    const top = slack.workspace.modals.get(dana)!.at(-1)!.id
    const action = { type: 'button', action_id: 'more', block_id: 'row' }
    await slack.act({ type: 'block_action', as: dana, in: { modal: top }, action })
    return client.views.push({ trigger_id: received.at(-1)!.trigger_id, view })
  }
  await push()
  const third = await push()
  expect(third.view).toMatchObject({ previous_view_id: slack.workspace.modals.get(dana)![1]!.id })
  expect(received.at(-1)).toMatchObject({ container: { type: 'view' }, view: { type: 'modal' } })
  expect(await refusal(push())).toMatchObject({ error: 'push_limit_reached' })
})

test('notifies the app of closing when it sets notify_on_close', async () => {
  const { slack, client, received, channel } = await startApp()
  const id = await openForm(slack, client, received, channel)
  expect(await slack.act({ type: 'close_modal', as: dana, modal: id })).toEqual({ ok: true })
  expect(received[1]).toMatchObject({
    type: 'view_closed',
    is_cleared: false,
    view: { id, callback_id: 'declare_incident' },
  })
  const silent = await openForm(slack, client, received, channel, modal({ notify_on_close: false }))
  await slack.act({ type: 'close_modal', as: dana, modal: silent })
  expect(received).toHaveLength(3)
})

test('a Home tab can be published and used', async () => {
  const { slack, client, received } = await startApp()
  const publish = (title: string) =>
    client.views.publish({
      user_id: dana,
      view: {
        type: 'home',
        blocks: blocksOf({ type: 'header', text: { type: 'plain_text', text: title } }, row(button('go'))),
      },
    })
  await publish('Nothing open')
  await publish('One open')
  const action = { type: 'button', action_id: 'go', block_id: 'row' }
  expect(await slack.act({ type: 'block_action', as: dana, in: { home: true }, action })).toEqual({ ok: true })
  expect(received[0]).toMatchObject({
    container: { type: 'view' },
    view: { type: 'home' },
    actions: [{ value: 'INC-1' }],
  })
  expect(slack.dump().homes).toHaveLength(1)
})
