import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

const summary = (number: number) =>
  stack.messages(stack.incidentChannel(number)?.id).find(({ text }) => text.startsWith(`INC-${number} `))

test('when an incident recurs, the summary shows what fixed it before', { timeout: 60_000 }, async () => {
  await stack.alertmanager({ name: 'PoolExhausted', service: 'shipping' })
  const first = await until('the first channel', () => stack.incidentChannel(1))
  await until('its summary', () => summary(1))
  await stack.command(people.dana, first.id, 'resolve restarted the connection pool')
  await stack.settled()
  expect(textOf(summary(1))).not.toContain('Looks like')

  await stack.alertmanager({
    name: 'PoolExhausted',
    service: 'shipping',
    startsAt: new Date(Date.now() + 1).toISOString(),
  })
  const second = await until('the second channel', () => stack.incidentChannel(2))
  const text = await until('what it looks like', () => {
    const text = textOf(summary(2))
    return text.includes('Looks like') && text
  })
  expect(text).toContain(`Looks like *INC-1* <#${first.id}> PoolExhausted: same alert`)
  expect(text).toMatch(/same alert, same service, just now; fixed by: restarted the connection pool/)

  await stack.command(people.dana, second.id, 'similar')
  const reply = await until('the reply', () =>
    stack
      .messages(second.id)
      .map(textOf)
      .find((text) => text.includes('Past incidents like INC-2')),
  )
  expect(reply).toContain('fixed by: restarted the connection pool')
})

test('a saved playbook is shown first the next time, and search and insights include all three incidents', {
  timeout: 60_000,
}, async () => {
  const second = stack.incidentChannel(2)?.id as string
  await stack.command(people.dana, second, 'note 1m ago restarted the pool once more')
  await stack.command(people.dana, second, 'resolve pool settings are deployed')
  await stack.command(people.dana, second, 'edit-playbook')
  const modal = await until('the form', () =>
    stack.sandbox.slack.dump().modals.find(({ user }) => user === people.dana),
  )
  expect(JSON.stringify(modal)).toContain('Alert PoolExhausted @ shipping')
  const text = (value: string) => ({ value: { type: 'plain_text_input', value } })
  await stack.act({
    type: 'submit_modal',
    as: people.dana,
    modal: modal.id,
    state: {
      title: text('The pool is exhausted'),
      symptoms: text('Alert PoolExhausted'),
      looks: text('Pool dashboard: https://grafana.shop.example/pool'),
      mitigations: text('Restart the pool, it takes 2 min'),
      people: text(`<@${people.mei}> knows the settings`),
    },
  })
  await until('the playbook', async () => (await stack.muster.store.playbooks.all()).length === 1)

  await stack.alertmanager({
    name: 'PoolExhausted',
    service: 'shipping',
    startsAt: new Date(Date.now() + 2).toISOString(),
  })
  const third = await until('the third channel', () => stack.incidentChannel(3))
  await until('the playbook on the summary', () => textOf(summary(3)).includes('Playbook *PB-1* The pool is exhausted'))
  const reply = (what: string) =>
    until(what, () =>
      stack
        .messages(third.id)
        .map(textOf)
        .find((one) => one.includes(what)),
    )
  await stack.command(people.robin, third.id, 'playbook')
  const shown = await reply('kept from INC-2, edition 1')
  expect(shown).toContain('Restart the pool, it takes 2 min')
  expect(shown).toContain('<https://grafana.shop.example/pool|Pool dashboard>')
  expect(shown).toContain(`<@${people.mei}> knows the settings`)

  await stack.command(people.robin, third.id, 'find pool once more')
  expect(await reply('1 incident')).toContain('restarted the pool once more')
  await stack.command(people.robin, third.id, 'insights shipping 7d')
  const insights = await reply('3 incidents in 7 days: Shipping')
  expect(insights).toContain('PoolExhausted @ shipping 3')
  const chart = await until('the chart', () =>
    stack.messages(third.id).find(({ blocks }) => blocks?.some(({ type }) => type === 'data_visualization')),
  )
  expect(textOf(chart)).toContain('Incidents in 7 days')
})
