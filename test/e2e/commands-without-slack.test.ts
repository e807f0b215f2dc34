import { expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../sandbox/slack/faults.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana } = people

/** Every Web API method fails in this way from now on. */
const ILL: Record<string, Fault> = {
  'answers 500': { kind: 'status', method: '*', status: 500, times: 10_000 },
  'resets connections': { kind: 'cut', method: '*', when: 'before', times: 10_000 },
  'answers 429': { kind: 'rate_limit', method: '*', retryAfterS: 1, times: 10_000 },
  'answers internal_error': { kind: 'error', method: '*', error: 'internal_error', times: 10_000 },
  hangs: { kind: 'latency', method: '*', ms: 4_000 },
}

const start = async (http: boolean): Promise<Stack> => {
  const stack = await startStack({ http })
  onTestFinished(() => stack.stop())
  await stack.settled()
  return stack
}

/** What Slack shows to one person alone in a channel. */
const shownTo = (stack: Stack, person: string, channel: string): string =>
  stack
    .messages(channel)
    .filter(({ onlyFor }) => onlyFor === person)
    .map(textOf)
    .join('\n')

const cases = Object.keys(ILL).flatMap((how) => [[how, 'Socket Mode'] as const, [how, 'HTTP mode'] as const])

test.for(cases)(
  'with Slack failing by %s, in %s: a declaration is recorded, answered, and opened when Slack recovers',
  {
    timeout: 60_000,
  },
  async ([how, mode]) => {
    const stack = await start(mode === 'HTTP mode')
    const general = stack.channelNamed('general')!.id
    stack.sandbox.slack.faults.add(ILL[how]!)

    expect(await stack.command(dana, general, 'declare sev1 Nobody can pay')).toEqual({ ok: true })
    expect((await stack.muster.store.list())[0]).toMatchObject({ title: 'Nobody can pay', declaredBy: dana })
    expect(shownTo(stack, dana, general)).toContain('INC-1 is declared')

    await until('a first attempt', () => stack.sandbox.slack.requests.latest('conversations.create').length > 0)
    stack.sandbox.slack.faults.clear()
    const channel = await until('the channel', () => stack.incidentChannel(1), 45_000)
    await until('the summary', () => stack.incidentChannel(1)?.pins.length, 45_000)
    await until(
      'dana in it',
      () =>
        stack
          .channels()
          .find(({ id }) => id === channel.id)!
          .members.includes(dana),
      45_000,
    )
  },
)

test('when Slack does not open the form, the person is told how to type it in one line', async () => {
  const stack = await start(false)
  const general = stack.channelNamed('general')!.id
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'views.open', error: 'internal_error' })
  await stack.command(dana, general, 'declare')
  expect(shownTo(stack, dana, general)).toContain('/incident declare [--private] [--drill] [sev1..sev4]')
})

test('records a form submitted while Slack does not respond, and shows the reply in the form', async () => {
  const stack = await start(false)
  const { slack } = stack.sandbox
  await stack.act({ type: 'shortcut', as: dana, callbackId: 'declare_incident' })
  const modal = await until('the form', () => slack.dump().modals.find(({ user }) => user === dana))
  slack.faults.add(ILL['resets connections']!)
  await stack.act({
    type: 'submit_modal',
    as: dana,
    modal: modal.id,
    state: {
      title: { value: { type: 'plain_text_input', value: 'Nobody can pay' } },
      severity: {
        value: {
          type: 'static_select',
          selected_option: { value: 'sev1', text: { type: 'plain_text', text: 'SEV1' } },
        },
      },
    },
  })
  expect(await stack.muster.store.list()).toHaveLength(1)
  expect(JSON.stringify(slack.dump().modals)).toContain('is declared')
})

test('records a title with a mention even when Slack cannot resolve the name', async () => {
  const stack = await start(false)
  const general = stack.channelNamed('general')!.id
  stack.sandbox.slack.faults.add({ kind: 'latency', method: 'users.info', ms: 5_000 })
  expect(await stack.command(dana, general, `declare ask <@${people.robin}> about the till`)).toEqual({ ok: true })
  expect(await stack.muster.store.list()).toHaveLength(1)
  expect(shownTo(stack, dana, general)).toContain('INC-1 is declared')
})
