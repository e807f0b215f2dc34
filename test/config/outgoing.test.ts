import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'

const mistakesOf = (outgoing: string, env: Record<string, string> = {}): string[] => {
  const path = join(mkdtempSync(join(tmpdir(), 'muster-config-')), 'muster.yaml')
  writeFileSync(path, `outgoing:\n${outgoing}\n`)
  return readConfig({ MUSTER_CONFIG: path, ...env }).mistakes.map((mistake) => mistake.replace(path, ''))
}
const SIGNED = { OUTGOING_WEBHOOK_SECRET: 'a long secret' }

test.each([
  ['http://hooks.example.com', 'expected an address that begins with https://'],
  ['ftp://127.0.0.1/x', 'expected an address that begins with https://'],
  ['http://127.0.0.1.example.com', 'expected an address that begins with https://'],
  ['not an address', 'expected an address that begins with https://'],
])('rejects a webhook to %s at start-up', (url, reason) => {
  expect(mistakesOf(`  hub: { url: "${url}" }`, SIGNED)).toEqual([
    expect.stringContaining(`:2 outgoing.hub.url: ${reason}`),
  ])
})

test.each(['https://hooks.example.com/x', 'http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:1'])(
  'accepts a webhook to %s, with a secret to sign it',
  (url) => {
    expect(mistakesOf(`  hub: { url: "${url}" }`, SIGNED)).toEqual([])
    expect(mistakesOf(`  hub: { url: "${url}" }`)).toEqual([
      expect.stringMatching(/^OUTGOING_WEBHOOK_SECRET: expected, because outgoing\.hub/),
    ])
  },
)

test('reports a configuration that can never work, with its line number', () => {
  expect(
    mistakesOf(`  page: { type: statuspage, private: true, severities: [sev9], components: { nothing: [x] } }`, {
      STATUSPAGE_API_KEY: 'key',
    }),
  ).toEqual([
    expect.stringContaining(':2 outgoing.page.page: expected the id of your page at Statuspage'),
    expect.stringContaining(':2 outgoing.page.private: a private incident never goes to a public status page'),
  ])
  expect(
    mistakesOf(`  page: { type: instatus, page: p, severities: [sev9], components: { nothing: [x] } }`, {
      INSTATUS_API_KEY: 'key',
    }),
  ).toEqual([
    expect.stringContaining('expected a severity (sev1, sev2, sev3, sev4), found "sev9"'),
    expect.stringContaining('expected the id of a service, found "nothing"'),
  ])
})
