import { expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../sandbox/slack/faults.ts'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

const { dana } = people

/** Every Web API method fails in this way from now on. */
const ILL: Record<string, Fault> = {
  'answers 500': { kind: 'status', method: '*', status: 500, times: 10_000 },
  'resets connections': { kind: 'cut', method: '*', when: 'before', times: 10_000 },
  'answers 429': { kind: 'rate_limit', method: '*', retryAfterS: 1, times: 10_000 },
  'answers internal_error': { kind: 'error', method: '*', error: 'internal_error', times: 10_000 },
  hangs: { kind: 'latency', method: '*', ms: 4_000 },
}

const start = async (http: boolean): Promise<Road> => {
  const road = await startRoad({ http })
  onTestFinished(() => road.stop())
  await road.settled()
  return road
}

/** What Slack shows to one person alone in a channel. */
const shownTo = (road: Road, person: string, channel: string): string =>
  road
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
    const road = await start(mode === 'HTTP mode')
    const general = road.channelNamed('general')!.id
    road.sandbox.slack.faults.add(ILL[how]!)

    expect(await road.command(dana, general, 'declare sev1 Nobody can pay')).toEqual({ ok: true })
    expect((await road.muster.store.list())[0]).toMatchObject({ title: 'Nobody can pay', declaredBy: dana })
    expect(shownTo(road, dana, general)).toContain('INC-1 is declared')

    await until('a first attempt', () => road.sandbox.slack.requests.latest('conversations.create').length > 0)
    road.sandbox.slack.faults.clear()
    const channel = await until('the channel', () => road.incidentChannel(1), 45_000)
    await until('the summary', () => road.incidentChannel(1)?.pins.length, 45_000)
    await until(
      'dana in it',
      () =>
        road
          .channels()
          .find(({ id }) => id === channel.id)!
          .members.includes(dana),
      45_000,
    )
  },
)

test('when Slack does not open the form, the person is told how to type it in one line', async () => {
  const road = await start(false)
  const general = road.channelNamed('general')!.id
  road.sandbox.slack.faults.add({ kind: 'error', method: 'views.open', error: 'internal_error' })
  await road.command(dana, general, 'declare')
  expect(shownTo(road, dana, general)).toContain('/incident declare [--private] [--drill] [sev1..sev4]')
})

test('records a form submitted while Slack does not respond, and shows the reply in the form', async () => {
  const road = await start(false)
  const { slack } = road.sandbox
  await road.act({ type: 'shortcut', as: dana, callbackId: 'declare_incident' })
  const modal = await until('the form', () => slack.dump().modals.find(({ user }) => user === dana))
  slack.faults.add(ILL['resets connections']!)
  await road.act({
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
  expect(await road.muster.store.list()).toHaveLength(1)
  expect(JSON.stringify(slack.dump().modals)).toContain('is declared')
})

test('records a title with a mention even when Slack cannot resolve the name', async () => {
  const road = await start(false)
  const general = road.channelNamed('general')!.id
  road.sandbox.slack.faults.add({ kind: 'latency', method: 'users.info', ms: 5_000 })
  expect(await road.command(dana, general, `declare ask <@${people.robin}> about the till`)).toEqual({ ok: true })
  expect(await road.muster.store.list()).toHaveLength(1)
  expect(shownTo(road, dana, general)).toContain('INC-1 is declared')
})
