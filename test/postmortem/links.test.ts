import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signLink, verifyLink } from '../../src/postmortem/links.ts'

const secret = 'a secret of the house'
const path = '/incidents/INC-42/postmortem.md'
const expiresAt = Date.parse('2026-03-14T03:00:00Z')
const link = (options: Partial<Parameters<typeof signLink>[0]> = {}) =>
  new URL(signLink({ secret, path, expiresAt, baseUrl: 'https://muster.example', ...options }))
const verdict = (url: URL, options: Partial<Parameters<typeof verifyLink>[0]> = {}) =>
  verifyLink({
    secret,
    path: url.pathname,
    expires: url.searchParams.get('expires'),
    signature: url.searchParams.get('signature'),
    now: expiresAt,
    ...options,
  })

describe('a signed link', () => {
  test('contains the path, the expiry in seconds and a signature', () => {
    expect(link().href).toMatch(
      /^https:\/\/muster\.example\/incidents\/INC-42\/postmortem\.md\?expires=1773457200&signature=[\w-]{43}$/,
    )
    expect(link({ baseUrl: 'https://example.org/muster/' }).pathname).toBe(`/muster${path}`)
  })

  test('is valid until its second has passed, and not a millisecond longer', () => {
    expect(verdict(link(), { now: expiresAt + 999 })).toBe('valid')
    expect(verdict(link(), { now: expiresAt + 1000 })).toBe('expired')
  })

  test('is invalid for another path, another expiry or with another secret', () => {
    expect(verdict(link(), { path: '/incidents/INC-43/postmortem.md' })).toBe('wrong')
    expect(verdict(link(), { path: '/incidents/INC-42/postmortem.json' })).toBe('wrong')
    expect(verdict(link(), { expires: '1773457201' })).toBe('wrong')
    expect(verdict(link(), { secret: 'another' })).toBe('wrong')
  })

  test('with a wrong signature is rejected as such even when expired, so that nothing is disclosed', () => {
    expect(verdict(link({ secret: 'another' }), { now: expiresAt + 10_000 })).toBe('wrong')
  })

  test('has exactly one valid form', () => {
    const signature = String(link().searchParams.get('signature'))
    for (const other of [`${signature}=`, `${signature} `, signature.replace(/-|_/g, '+'), `${signature}A`])
      expect(verdict(link(), { signature: other })).toBe(other === signature ? 'valid' : 'wrong')
    for (const expires of ['01773457200', '1773457200.0', ' 1773457200', '1e9', '-1', ''])
      expect(verdict(link(), { expires })).toBe('wrong')
  })

  test('rejects any other query without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (expires, signature) => {
        expect(verifyLink({ secret, path, expires, signature, now: expiresAt })).toBe('wrong')
      }),
    )
  })
})
