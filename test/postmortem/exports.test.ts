import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Refusal } from '../../src/incident/errors.ts'
import type { Log } from '../../src/platform/log.ts'
import { exportRoutes } from '../../src/postmortem/exports.ts'
import { exportPath } from '../../src/postmortem/formats.ts'
import { signLink } from '../../src/postmortem/links.ts'
import { createPostmortems } from '../../src/postmortem/postmortem.ts'
import type { Store } from '../../src/store/store.ts'
import { storedLog } from './log.ts'

const secret = 'a secret of the house'
const NOW = Date.parse('2026-03-14T03:45:00Z')
const errors: string[] = []
const log: Log = { debug() {}, info() {}, warn() {}, error: (message) => errors.push(message) }

/** The incidents that fresh links were posted for. */
const renewed: string[] = []
const renew = async (id: string): Promise<string> => {
  if (id !== 'INC-1') throw new Refusal(`${id} is mitigated.`)
  renewed.push(id)
  return 'C0INC0001'
}

let store: Store
let baseUrl = ''
let close = () => {}
beforeAll(async () => {
  const stored = await storedLog('interceptor-loop')
  store = stored.store
  const options = { nameOf: async (id: string) => stored.names[id] ?? id, timezone: 'UTC' }
  const chartPng = async () => Buffer.from('')
  const postmortems = createPostmortems({ store, chartPng, ...options })
  const broken = createPostmortems({
    store: { ...store, read: () => Promise.reject(new Error('disk on fire')) },
    chartPng,
    ...options,
  })
  const app = express()
  app.use('/broken', exportRoutes({ postmortems: broken, secret, now: () => NOW, log }))
  app.use('/renewing', exportRoutes({ postmortems, renew, secret, now: () => NOW, log }))
  app.use(exportRoutes({ postmortems, secret, now: () => NOW, log }))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => server.close()
})
afterAll(async () => {
  close()
  await store.close()
})

const signed = (path: string, expiresAt = NOW + 60_000) => signLink({ secret, baseUrl, path, expiresAt })

describe('GET /incidents/INC-42/postmortem.*', () => {
  test.each([
    ['md', 'text/markdown; charset=utf-8', 'attachment; filename="INC-1-postmortem.md"', '# Postmortem INC-1'],
    ['html', 'text/html; charset=utf-8', 'inline; filename="INC-1-postmortem.html"', '<!doctype html>'],
    [
      'json',
      'application/json; charset=utf-8',
      'attachment; filename="INC-1-postmortem.json"',
      '{\n  "schemaVersion": 1',
    ],
    ['pdf', 'application/pdf', 'inline; filename="INC-1-postmortem.pdf"', '%PDF-'],
    [
      ...(['confluence', 'application/xhtml+xml; charset=utf-8'] as const),
      ...(['attachment; filename="INC-1-postmortem.confluence.xml"', '<h2>'] as const),
    ],
  ] as const)('serves the document for a signed link: .%s', async (format, type, disposition, start) => {
    const url = signed(exportPath('INC-1', format))
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-disposition')).toBe(disposition)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const body = Buffer.from(await answer.arrayBuffer())
    expect(body.toString().startsWith(start)).toBe(true)

    const head = await fetch(url, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('content-length')).toBe(String(body.length))
    expect(await head.text()).toBe('')
  })

  test('rejects a link with a missing, wrong or expired signature', async () => {
    const path = exportPath('INC-1', 'md')
    const wrong = 'This link is not valid; /incident postmortem links in Slack gives one that is.\n'
    for (const url of [`${baseUrl}${path}`, signed(path).slice(0, -1), `${signed(path)}&expires=1`]) {
      const answer = await fetch(url)
      expect([answer.status, await answer.text()]).toEqual([403, wrong])
    }
    const expired = await fetch(signed(path, NOW - 60_000))
    expect(expired.status).toBe(403)
    expect(await expired.text()).toBe('This link has expired; /incident postmortem links in Slack gives a new one.\n')
  })

  test("does not serve one document for another's link", async () => {
    const link = new URL(signed(exportPath('INC-1', 'md')))
    link.pathname = exportPath('INC-1', 'json')
    expect((await fetch(link)).status).toBe(403)
  })

  test('tells only clients with a signed link that an incident does not exist', async () => {
    const answer = await fetch(signed(exportPath('INC-999', 'md')))
    expect([answer.status, await answer.text()]).toEqual([404, 'There is no incident INC-999.\n'])
    expect((await fetch(`${baseUrl}${exportPath('INC-999', 'md')}`)).status).toBe(403)
    expect((await fetch(`${baseUrl}/incidents/..%2Fetc/postmortem.md`)).status).toBe(404)
  })

  test('responds when the store fails, without disclosing the reason', async () => {
    const path = exportPath('INC-1', 'html')
    const answer = await fetch(signed(path).replace(baseUrl, `${baseUrl}/broken`))
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe("The postmortem of INC-1 could not be written; Muster's log says why.\n")
    expect(errors).toEqual(['a signed page could not be written'])
  })

  test('an expired link leads to an offer of fresh links, which are posted in Slack and not on the page', async () => {
    const at = (id: string, expiresAt: number) =>
      signed(exportPath(id, 'html'), expiresAt).replace(baseUrl, `${baseUrl}/renewing`)
    const expired = at('INC-1', NOW - 60_000)
    const page = await fetch(expired)
    expect(page.status).toBe(403)
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(await page.text()).toContain('<form method="post"><button>Post fresh links in Slack</button>')
    expect(renewed).toEqual([])

    const pressed = await fetch(expired, { method: 'POST' })
    const text = await pressed.text()
    expect([pressed.status, renewed]).toEqual([200, ['INC-1']])
    expect(text).toContain('https://slack.com/app_redirect?channel=C0INC0001')
    expect(text).not.toContain('signature=')

    const refused = await fetch(at('INC-2', NOW - 60_000), { method: 'POST' })
    expect([refused.status, await refused.text()]).toEqual([409, 'INC-2 is mitigated.\n'])
    expect((await fetch(`${expired}x`, { method: 'POST' })).status).toBe(403)
    expect(renewed).toEqual(['INC-1'])
  })
})
