import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

let road: Road
beforeAll(async () => {
  road = await startRoad()
})
afterAll(() => road.stop())

test('the form that resolves an incident asks for the service at fault, and the postmortem shows it', {
  timeout: 60_000,
}, async () => {
  await road.alertmanager({ name: 'HighLatency', service: 'shipping' })
  const channel = await until('the channel', () => road.incidentChannel(1))
  await road.settled()
  await road.command(people.dana, channel.id, 'resolve')
  const modal = await until('the form', () => road.sandbox.slack.dump().modals.find(({ user }) => user === people.dana))
  expect(JSON.stringify(modal)).toContain('Which service was at fault?')
  const text = (value: string) => ({ value: { type: 'plain_text_input', value } })
  const state = { text: text('pool enlarged'), cause: text('MySQL') }
  await road.act({ type: 'submit_modal', as: people.dana, modal: modal.id, state })
  const incident = await until('the end', async () => {
    const now = await road.muster.store.read('INC-1')
    return now?.status === 'resolved' && now
  })
  expect(incident.cause?.service).toMatch(/^mysql$/i)
  await until('the line in the channel', () =>
    road
      .messages(channel.id)
      .map(textOf)
      .find((said) => said.includes('named the cause')),
  )
  expect(await road.muster.postmortems.markdown('INC-1')).toMatch(/At fault: `?mysql/i)
})
