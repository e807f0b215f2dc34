import fc from 'fast-check'
import { expect, test } from 'vitest'
import { channelName } from '../../src/incident/channel-name.ts'
import { T } from './facts.ts'

const settings = { pattern: '{prefix}-{number}-{slug}', prefix: 'inc' }
const name = (title: string, more = {}, attempt = 1, pattern = settings.pattern) =>
  channelName(
    { id: 'INC-42', title, severity: 'sev2', declaredAt: T, drill: false, ...more },
    { ...settings, pattern },
    attempt,
  )

test.each([
  ['Checkout is slow!', 'inc-42-checkout-is-slow'],
  ['Zürich: Überlauf im Straßennetz', 'inc-42-zurich-uberlauf-im-strassennetz'],
  ['\ud83d\udd25\ud83d\udd25\ud83d\udd25', 'inc-42'],
  ['התשלום נכשל', 'inc-42'],
  ['DB \u202e\u200b down', 'inc-42-db-down'],
  ['--- __ ---', 'inc-42'],
])('%s -> %s', (title, expected) => {
  expect(name(title)).toBe(expected)
})

test('has at most 80 characters, even with a suffix for a later attempt', () => {
  expect(name('x'.repeat(300))).toBe(`inc-42-${'x'.repeat(60)}`)
  const long = `{prefix}-{number}-{slug}-${'y'.repeat(60)}`
  expect(name('x'.repeat(300), {}, 1, long)).toHaveLength(80)
  expect(name('x'.repeat(300), {}, 12, long)).toMatch(/^.{77}-12$/)
})

test('marks a drill, and has the date where the pattern contains one', () => {
  expect(name('Slow', { drill: true })).toBe('drill-inc-42-slow')
  expect(name('Slow', {}, 3, '{prefix}-{date}-{slug}')).toBe('inc-2026-11-21-slow-3')
})

test('is valid even when the pattern leaves nothing of the title', () => {
  expect(name('\ud83d\udd25', {}, 1, '{slug}')).toBe('inc-42')
})

test('is always valid in Slack', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (title, attempt) => {
      expect(name(title, {}, attempt, '{slug}')).toMatch(/^[a-z0-9_-]{1,80}$/)
    }),
  )
})
