import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve, startWorld, until, type World } from './stack.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** What a start says before it ends. */
const startWith = async (changes: Record<string, string>) => {
  const process = serve({ ...world.environment, ...changes })
  return { code: await process.exited(), stderr: process.stderr(), logged: process.logged() }
}

test('lists every mistake at once: position, value found, value expected', async () => {
  const path = join(world.folder, 'wrong.yaml')
  await writeFile(path, 'timezone: Mars/Olympus\nservices:\n  web:\n    tier: 9\n    dependsOn: [nowhere]\nslak: {}\n')
  const { code, stderr } = await startWith({
    MUSTER_CONFIG: path,
    SLACK_BOT_TOKEN: 'not-a-token',
    PORT: '99999',
    DATABASE_URL: 'mysql://root@localhost/db',
    PAGERDUTY_FROM_EMAIL: '',
  })
  expect(code).toBe(1)
  expect(stderr).toContain('SLACK_BOT_TOKEN: expected a bot token, which begins with xoxb-')
  expect(stderr).toMatch(/PORT: .*found "99999"/)
  expect(stderr).toContain('DATABASE_URL: expected sqlite:./path/to/file.db or postgres://')
  expect(stderr).toContain(`${path}:1 timezone: expected a time zone like Europe/Berlin, found "Mars/Olympus"`)
  expect(stderr).toMatch(/wrong\.yaml:4 services\.web\.tier: .*found 9/)
  expect(stderr).toMatch(/slak/)
  // Secrets are not repeated, and nobody needs a stack.
  expect(stderr).not.toContain('not-a-token')
  expect(stderr).not.toContain('    at ')
})

test('names the missing settings when Slack is not configured', async () => {
  const { code, stderr } = await startWith({ SLACK_BOT_TOKEN: '' })
  expect(code).toBe(1)
  expect(stderr).toContain('Set SLACK_BOT_TOKEN')
})

test.each([
  ['SLACK_APP_TOKEN', 'xapp-wrong', 'apps.connections.open', 'connections:write'],
  ['SLACK_BOT_TOKEN', 'xoxb-wrong', 'auth.test', 'Bot User OAuth Token'],
])('an invalid %s aborts start-up with one sentence that names it', async (name, value, method, hint) => {
  const { code, stderr, logged } = await startWith({ [name]: value, LOG_LEVEL: 'info' })
  expect(code).toBe(1)
  expect(stderr.trim()).toContain(`Slack refused ${name} (${method}: invalid_auth); copy`)
  expect(stderr).toContain(hint)
  expect(logged).toContain('Muster has stopped')
  expect(logged).not.toContain('is running')
  expect(stderr).not.toContain('    at ')
})

test('names a port that is already in use', async () => {
  const { port } = new URL(world.sandbox.slack.url)
  const { code, stderr } = await startWith({ PORT: port })
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${port} is taken; set PORT to another one.`)
})

test('refuses a second server on the same SQLite file, and the first keeps running', { timeout: 40_000 }, async () => {
  const first = serve(world.environment)
  const ready = () =>
    fetch(`${world.musterUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until('the first to be ready', ready)
  const { code, stderr } = await startWith({ PORT: '0' })
  expect(code).toBe(1)
  expect(stderr).toMatch(/Another Muster is serving from .*muster\.db\. SQLite allows one; several share PostgreSQL\./)
  expect(await ready()).toBe(true)
  expect(await first.terminate()).toBe(0)
})
