import { expect, test } from 'vitest'
import { splitAlert } from '../../src/incident/alert-decisions.ts'
import { alertsOf } from '../../src/incident/alerts-of.ts'
import { mergeInto, note, reopen, resolve } from '../../src/incident/decide.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { act, alert, MINUTE } from '../incident/facts.ts'
import { startRouting } from './routing-world.ts'

test('a merge takes the alerts over in their current state, leaves what people wrote, and can be undone', async () => {
  const { fire, resolve: quiet, record, settle, lines, store } = await startRouting()
  await fire('web', { service: 'web' })
  await fire('search', { service: 'search' })
  await fire('search 2', { service: 'search' })
  await record.change('INC-2', (incident) => note(incident, { text: 'seen' }, act()))
  await record.change('INC-2', (incident) => mergeInto(incident, { into: 'INC-1' }, act()))
  // It goes quiet before it is moved.
  await quiet('search')
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 2/3 web', 'INC-2 merged 0/0 search'])
  await settle()
  expect((await lines())[0]).toBe('INC-1 investigating 2/3 web')
  expect((await store.events('INC-2')).some((event) => event.type === 'noted')).toBe(true)
  await record.change('INC-2', (incident) => reopen(incident, {}, act()))
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 1/1 web', 'INC-2 investigating 1/2 search'])
})

test('alerts follow a chain of merges to its end', async () => {
  const { fire, record, settle, lines } = await startRouting()
  for (const name of ['a', 'b', 'c']) await fire(name, { service: name })
  await record.change('INC-2', (incident) => mergeInto(incident, { into: 'INC-1' }, act()))
  await record.change('INC-3', (incident) => mergeInto(incident, { into: 'INC-2' }, act()))
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 3/3 a', 'INC-2 merged 0/0 b', 'INC-3 merged 0/0 c'])
})

test('a split opens an incident by a person for an alert in its current state', async () => {
  const { fire, resolve: quiet, record, settle, lines, store } = await startRouting()
  await fire('a', { service: 'web' })
  await fire('b', { service: 'cart' })
  const one = alert('am:b', { title: 'b' })
  await record.change('INC-1', (incident) => splitAlert(incident, { alert: one, state: 'firing' }, act()))
  await quiet('b')
  await settle()
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 0/1 a', 'INC-2 investigating 0/1 b'])
  expect(await store.read('INC-2')).toMatchObject({ origin: 'person' })
})

test('a flapping alert is moved as one, wherever it last fired', async () => {
  const { tell, fire, now, pass, record, settle, lines, store } = await startRouting()
  await fire('web', { service: 'web' })
  for (let i = 0; i < 3; i++) {
    const began = now()
    await tell('search', [began], { service: 'search' })
    pass(3 * MINUTE)
    await tell('search', [began, now()], { service: 'search' })
    pass(3 * MINUTE)
  }
  await tell('search', [now()], { service: 'search' })
  expect(await lines()).toEqual(['INC-1 investigating 1/1 web', 'INC-2 investigating 1/1 search'])
  await record.change('INC-2', (incident) => mergeInto(incident, { into: 'INC-1' }, act()))
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 2/2 web', 'INC-2 merged 0/0 search'])
  // There it ends and fires once more, under a key that INC-2 never saw.
  await tell('search', [now(), now()], { service: 'search' })
  pass(3 * MINUTE)
  await tell('search', [now()], { service: 'search' })
  expect((await lines())[0]).toBe('INC-1 investigating 2/2 web')
  await record.change('INC-2', (incident) => reopen(incident, {}, act()))
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 1/1 web', 'INC-2 investigating 1/1 search'])
  expect(await store.alertKeys('INC-2', 'firing')).toEqual([`am:search:${now()}`])
})

test('two incidents that share an alert are restored as they were when a merge is undone', async () => {
  const { tell, fire, now, pass, record, settle, lines } = await startRouting()
  await tell('disk', [now()], { service: 'web' })
  await fire('other', { service: 'web' })
  await record.change('INC-1', (incident) => resolve(incident, {}, act()))
  pass(MINUTE)
  await tell('disk', [now()], { service: 'search' })
  await record.change('INC-1', (incident) => reopen(incident, {}, act()))
  const before = ['INC-1 investigating 2/2 disk', 'INC-2 investigating 1/1 disk']
  expect(await lines()).toEqual(before)
  await record.change('INC-2', (incident) => mergeInto(incident, { into: 'INC-1' }, act()))
  await settle()
  await record.change('INC-2', (incident) => reopen(incident, {}, act()))
  await settle()
  expect(await lines()).toEqual(before)
})

test('a page sent by Muster follows its incident without being counted, split or announced', async () => {
  const { fire, resolve: quiet, record, settle, lines, store } = await startRouting()
  await fire('web', { service: 'web' })
  await fire('search', { service: 'search' })
  const page = { labels: { incident_key: 'muster-INC-2-1' }, service: 'payment' }
  expect(await fire('page', page)).toBe('joined')
  expect(await lines()).toEqual(['INC-1 investigating 1/1 web', 'INC-2 investigating 1/1 search'])
  expect(alertsOf(await store.events('INC-2')).map(({ alert: { title } }) => title)).toEqual(['search'])
  expect(timeline(await store.events('INC-2')).map(({ type }) => type)).toEqual(['declared'])
  await record.change('INC-2', (incident) => mergeInto(incident, { into: 'INC-1' }, act()))
  await settle()
  expect(await lines()).toEqual(['INC-1 investigating 2/2 web', 'INC-2 merged 0/0 search'])
  expect((await store.read('INC-1'))?.pages).toEqual(['am:page'])
  expect((await store.read('INC-2'))?.pages).toEqual([])
  expect(await quiet('page')).toBe('resolved')
  expect(await lines()).toEqual(['INC-1 investigating 2/2 web', 'INC-2 merged 0/0 search'])
})
