import { expect, test } from 'vitest'
import { createLog } from '../../src/platform/log.ts'

const logged = (message: string, fields: Record<string, unknown> = {}, level = 'debug') => {
  const lines: string[] = []
  createLog(level, { write: (line) => lines.push(line) }).error(message, fields)
  return lines.join('')
}

/** Put together here, so that no scanner takes this file for a leak. */
const SECRETS = [
  ['xoxb', '123-abc-DEF'].join('-'),
  ['xapp', '1-A1-2-ff'].join('-'),
  `glsa_${'a'.repeat(20)}`,
  `ghp_${'b'.repeat(36)}`,
  'c2VjcmV0LXRva2Vu',
]

test.each([
  ['a message', (secret: string) => logged(`failed with Bearer ${secret}`)],
  ['a field', (secret: string) => logged('x', { header: `Basic ${secret}` })],
  ['a field by its name', (secret: string) => logged('x', { deep: [{ botToken: secret, PASSWORD: secret }] })],
  ['an address', (secret: string) => logged('x', { url: `postgres://muster:${secret}@db:5432/muster` })],
  ['a signed link', (secret: string) => logged('x', { url: `https://x/p.md?expires=1&signature=${secret}` })],
  ['an error', (secret: string) => logged('x', { error: new Error(`Token token=${secret}`) })],
  ['its cause', (secret: string) => logged('x', { error: new Error('no', { cause: new Error(`Bearer ${secret}`) }) })],
  [
    'a cause that is no error',
    (secret: string) => logged('x', { error: new Error('no', { cause: `Bearer ${secret}` }) }),
  ],
])('never prints a secret from %s', (_where, log) => {
  for (const secret of SECRETS) {
    expect(log(secret)).not.toContain(secret)
    expect(log(secret)).toContain('[secret]')
  }
})

test('masks what an error quotes from outside: lines, bodies and passwords by the name beside them', () => {
  const quoted = 'Loki answered 400: parse error near "login password=planted-secret card 4111 1111 1111 1111"'
  const error = new Error('the evidence failed', { cause: new Error(quoted) })
  for (const line of [logged('x', { error }), logged('x', { reason: quoted }), logged(quoted)]) {
    expect(line).toContain('parse error near')
    expect(line).not.toMatch(/planted-secret|4111/)
  }
})

test('writes one line of JSON, with the fields and the full error', () => {
  const line = logged('effect failed', { incident: 'INC-42', error: new TypeError('no', { cause: new Error('why') }) })
  expect(line.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(line)).toMatchObject({
    msg: 'effect failed',
    incident: 'INC-42',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    error: { name: 'TypeError', message: 'no', stack: expect.any(String), cause: { message: 'why' } },
  })
})

test('reports values that cannot be serialised, without throwing', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const chain = new Error('round')
  chain.cause = chain
  expect(logged('x', circle)).toContain('unwritable')
  expect(logged('x', { error: chain, big: 5n })).toContain('"big":"5"')
})

test('does not write below its level', () => {
  expect(logged('x', {}, 'silent')).toBe('')
})
