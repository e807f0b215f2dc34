import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Request, serve } from '../integrations/server.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana } = people
let stack: Stack
let repository: string
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'muster-docs-'))
  git('init', '--quiet', '--bare', '--initial-branch=main', '.')
})
afterEach(async () => {
  await stack.stop()
  rmSync(repository, { recursive: true, force: true })
})

const git = (...args: string[]): string => execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim()
const commits = () => (git('branch', '--list', 'main') ? git('log', '--format=%an|%s', 'main').split('\n') : [])
const channelText = (channel: string) => stack.messages(channel).map(textOf).join('\n')

/** A resolved incident's channel. */
const over = async (file: object, { declare = 'declare sev2 Checkout is slow', env = {} } = {}): Promise<string> => {
  stack = await startStack({ file, env })
  await stack.command(dana, stack.channelNamed('general')!.id, declare)
  const { id } = await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  await stack.command(dana, id, 'resolve made the pool larger')
  await stack.settled()
  return id
}

test('publishing pushes the postmortem to a folder in Git; later facts are a second commit', async () => {
  const author = { name: 'Incident bot', email: 'bot@shop.example' }
  const channel = await over({
    postmortems: { git: { repository, folder: 'docs/postmortems', formats: ['md', 'json'], author } },
  })
  expect(commits()).toEqual([])
  await stack.command(dana, channel, 'postmortem publish')
  await until('the commit', () => commits().length === 1)
  expect(commits()).toEqual(['Incident bot|INC-1: Checkout is slow'])
  // Charts that the Markdown refers to lie beside it.
  const files = git('ls-tree', '-r', '--name-only', 'main').split('\n')
  const documents = files.filter((file) => !file.startsWith('docs/postmortems/charts/'))
  expect(documents).toEqual(['docs/postmortems/INC-1-postmortem.json', 'docs/postmortems/INC-1-postmortem.md'])
  expect(git('show', 'main:docs/postmortems/INC-1-postmortem.md')).toContain('# Postmortem INC-1: Checkout is slow')
  await until('the line', () => channelText(channel).includes('The postmortem is in Git'))

  await stack.command(dana, channel, 'note lucky: it was Sunday')
  await stack.settled()
  await stack.command(dana, channel, 'postmortem push')
  await until('the second commit', () => commits().length === 2)
  expect(git('show', 'main:docs/postmortems/INC-1-postmortem.md')).toContain('It was Sunday')
})

test("a push on top of other people's commits keeps their files and history", async () => {
  const clone = mkdtempSync(join(tmpdir(), 'muster-clone-'))
  const theirs = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Lee', '-c', 'user.email=lee@shop.example', ...args], { cwd: clone })
  theirs('clone', '--quiet', repository, '.')
  theirs('commit', '--quiet', '--allow-empty', '-m', 'Begin')
  theirs('push', '--quiet', 'origin', 'HEAD:main')
  const channel = await over({ postmortems: { git: { repository } } })
  await stack.command(dana, channel, 'postmortem push')
  await until('the commit', () => commits().length === 2)
  expect(commits()).toEqual(['Muster|INC-1: Checkout is slow', 'Lee|Begin'])
  rmSync(clone, { recursive: true, force: true })
})

test('a rejected push is reported in the channel, without the token', async () => {
  const token = 'glpat-very-secret-token'
  await using server = await serve(() => ({ status: 403, body: 'no' }))
  const channel = await over(
    { postmortems: { git: { repository: `${server.url}/docs.git` } } },
    { env: { POSTMORTEM_GIT_TOKEN: token } },
  )
  await stack.command(dana, channel, 'postmortem push')
  await until('the reason', () =>
    channelText(channel).includes('Muster could not push the postmortem to its Git repository'),
  )
  expect(channelText(channel)).toMatch(/403/)
  const basic = Buffer.from(`muster:${token}`).toString('base64')
  expect(server.requests.some(({ headers }) => headers.authorization === `Basic ${basic}`)).toBe(true)
  const log = JSON.stringify(await stack.muster.store.events('INC-1'))
  for (const secret of [token, basic]) expect(channelText(channel) + log).not.toContain(secret)
})

test('a private postmortem is not pushed, and without a repository the command says what to do', async () => {
  const channel = await over(
    { postmortems: { git: { repository } } },
    { declare: 'declare --private sev2 Checkout is slow' },
  )
  await stack.command(dana, channel, 'postmortem push')
  await until('the refusal', () => channelText(channel).includes('private postmortems do not go to Git here'))
  await stack.command(dana, channel, 'postmortem publish')
  await stack.settled()
  expect(commits()).toEqual([])
  await stack.stop()
  const other = await over({})
  await stack.command(dana, other, 'postmortem push')
  await until('the refusal', () => channelText(other).includes('No Git repository is set for postmortems'))
})

test('a published postmortem is sent to webhooks with working links, and never to a status page', async () => {
  const received: Request[] = []
  await using hub = await serve((request) => {
    received.push(request)
    return {}
  })
  const channel = await over(
    { outgoing: { hub: { url: hub.url, events: ['postmortem.published'] } } },
    { env: { OUTGOING_WEBHOOK_SECRET: 'a secret that is long enough' } },
  )
  await stack.command(dana, channel, 'postmortem publish')
  await until('the delivery', () => received.length > 0)
  expect(received[0]?.headers['muster-event']).toBe('postmortem.published')
  const body = JSON.parse(String(received[0]?.body)) as { postmortem: { html: string; publishedAt: string } }
  expect(body.postmortem.publishedAt).toMatch(/^\d{4}-/)
  const page = await fetch(body.postmortem.html)
  expect(await page.text()).toContain('Postmortem INC-1')
})
