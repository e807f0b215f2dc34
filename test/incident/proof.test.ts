import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bearsOneOf, isOneOf, isSignedBy, presentedSecret, sameText } from '../../src/incident/proof.ts'

const bearing = (authorization: string | undefined) => ({
  headers: { authorization },
  body: Buffer.alloc(0),
  receivedAt: 0,
})

test('texts compare as equal only when they are identical', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (one, other) => sameText(one, other) === (one === other)))
  fc.assert(fc.property(fc.string(), (text) => sameText(text, `${text}`) && !sameText(text, `${text} `)))
})

test('an empty secret never matches', () => {
  expect(isOneOf('', [''])).toBe(false)
  expect(isOneOf('', [])).toBe(false)
  expect(isOneOf('b', ['a', 'b'])).toBe(true)
  expect(isSignedBy([createHmac('sha256', '').update('x').digest('hex')], 'x', [''])).toBe(false)
  expect(bearsOneOf(bearing('Bearer '), [''])).toBe(false)
  expect(bearsOneOf(bearing(undefined), [''])).toBe(false)
})

test('any valid signature under any of the secrets authenticates the content', () => {
  const signature = createHmac('sha256', 'new').update('body').digest('hex')
  expect(isSignedBy(['00', signature], 'body', ['old', 'new'])).toBe(true)
  expect(isSignedBy([signature], 'bodY', ['old', 'new'])).toBe(false)
  expect(isSignedBy([signature], 'body', ['old'])).toBe(false)
  expect(isSignedBy([''], 'body', ['new'])).toBe(false)
})

test('reads the secret from bearer and basic authentication', () => {
  const basic = (text: string) => presentedSecret(bearing(`Basic ${Buffer.from(text).toString('base64')}`))
  expect(presentedSecret(bearing('Bearer abc'))).toBe('abc')
  expect(presentedSecret(bearing('bearer   abc '))).toBe('abc')
  expect(basic('muster:pass:word')).toBe('pass:word')
  expect(basic('no colon')).toBeUndefined()
  for (const header of ['Bearer', 'Bearer a b', 'Token abc', '', undefined]) {
    expect(presentedSecret(bearing(header))).toBeUndefined()
  }
})
