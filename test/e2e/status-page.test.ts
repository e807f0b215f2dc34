import { afterAll, beforeAll, expect, test } from 'vitest'
import { signLink } from '../../src/postmortem/links.ts'
import { statusPagePath } from '../../src/postmortem/status-page-route.ts'
import { declarePrivately } from './declare-privately.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin } = people
const secret = 'only for this test'
let stack: Stack
let channel: string

beforeAll(async () => {
  stack = await startStack({ file: { timezone: 'Europe/Berlin' }, env: { MUSTER_SECRET: secret } })
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev1 Checkout is <b>down</b>')
  await stack.settled()
  channel = (await until('the channel', () => stack.incidentChannel(1))).id
  for (const text of ['impact Nobody can pay', 'assign commander me', 'update We are rolling *back*'])
    await stack.command(dana, channel, text)
  await stack.settled()
})
afterAll(() => stack.stop())

/** The link to a status page in the newest message that has one. */
const linkIn = (channelId: string, onlyFor?: string) =>
  until('the link', () =>
    stack
      .messages(channelId)
      .filter((message) => onlyFor === undefined || message.onlyFor === onlyFor)
      .map((message) => /<(http[^|>]*\/incidents\/INC-\d+(?:\/private)?\?[^|>]*)\|/.exec(textOf(message))?.[1])
      .findLast((link) => link !== undefined),
  )
const read = async (link: string) => {
  const answer = await fetch(link.replaceAll('&amp;', '&'))
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

test('the announcement links to a page that shows the current state, refreshes itself and runs no script', async () => {
  const { status, headers, body } = await read(await linkIn(stack.channelNamed('incidents')!.id))
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body).toContain('SEV1 INC-1: Checkout is &lt;b&gt;down&lt;/b&gt;')
  expect(body).toMatch(/<strong>Status<\/strong>: Investigating, since \d\d:\d\d UTC/)
  expect(body).toContain('<strong>Impact</strong>: Nobody can pay')
  expect(body).toContain('<strong>In command</strong>: Dana')
  expect(body).toMatch(/<strong>Latest update<\/strong> \(\d\d:\d\d UTC\): We are rolling \*back\*/)
  expect(body).toMatch(/Next update<\/strong>: due by/)
  expect(body).toContain('<meta http-equiv="refresh" content="30">')
  expect(body).toContain('in Europe/Berlin')
  expect(body).not.toContain('<script')
  expect(body).not.toContain(dana)
  // Newest first, and without what only responders need.
  expect(body.indexOf('Update by Dana')).toBeLessThan(body.indexOf('declared the incident'))
  expect(body).not.toContain('Channel #')
})

test('an update with public text shows only that text on the page', async () => {
  await stack.command(dana, channel, 'update')
  const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana))
  const text = (value: string) => ({ value: { type: 'plain_text_input', value } })
  const state = { text: text('the pool of tenant-7 is full'), public: text('Some payments are slow') }
  await stack.act({ type: 'submit_modal', as: dana, modal: modal.id, state })
  await stack.settled()
  const { body } = await read(await linkIn(stack.channelNamed('incidents')!.id))
  expect(body).toMatch(/<strong>Latest update<\/strong> \(\d\d:\d\d UTC\): Some payments are slow/)
  expect(body).not.toContain('tenant-7')
})

test('without a valid signature for this incident, the page is not served', async () => {
  const link = await linkIn(stack.channelNamed('incidents')!.id)
  for (const wrong of [link.split('?')[0]!, link.replace('INC-1', 'INC-2'), link.replace('INC-1', 'INC-1/private')]) {
    const { status, body } = await read(wrong)
    expect(status).toBe(403)
    expect(body).toBe('This link is not valid; /incident link in Slack gives one that is.\n')
  }
})

test("/incident link returns the page's address to whoever runs it", async () => {
  await stack.command(robin, channel, 'link')
  const { body } = await read(await linkIn(channel, robin))
  expect(body).toContain('Checkout is')
})

test('a resolved incident shows its outcome on the page, which stops refreshing', async () => {
  const link = await linkIn(stack.channelNamed('incidents')!.id)
  await stack.command(dana, channel, 'resolve rolled back to 2.3')
  await stack.settled()
  const { body } = await read(link)
  expect(body).toMatch(/Status<\/strong>: Resolved, since .*, lasted/)
  expect(body).toContain('<strong>Outcome</strong>: rolled back to 2.3')
  expect(body).not.toContain('http-equiv="refresh"')
})

test("a private incident's page is available only to a member who requests it, and only by that link", async () => {
  const incident = await declarePrivately(stack, dana, 'Leaked credentials')
  const open = stack.channels().filter(({ kind }) => kind === 'channel')
  expect(
    open
      .flatMap(({ id }) => stack.messages(id))
      .map(textOf)
      .join(),
  ).not.toContain(`/incidents/${incident.id}`)

  await stack.command(dana, incident.channel!.id, 'link')
  const link = await linkIn(incident.channel!.id, dana)
  const { status, body } = await read(link)
  expect([status, link]).toEqual([200, expect.stringContaining(`/incidents/${incident.id}/private?`)])
  expect(body).toContain('Leaked credentials')
  expect(body).toContain('This incident is private. Do not pass this page on.')

  // One that was made for everybody does not open it, as after it was made private.
  const path = statusPagePath(incident.id, 'everybody')
  const early = signLink({ secret, baseUrl: stack.musterUrl, path, expiresAt: Date.now() + 60_000 })
  expect(await read(early)).toMatchObject({ status: 403, body: expect.stringContaining('no longer works') })

  await stack.command(robin, stack.channelNamed('general')!.id, `link ${incident.id}`)
  await until('the refusal', () =>
    stack.messages().some((one) => one.onlyFor === robin && textOf(one).includes(`There is no ${incident.id}`)),
  )
})
