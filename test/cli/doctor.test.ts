import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { quiveringQueue } from '../../sandbox/stories/quivering-queue/story.ts'
import { connectPagerDuty } from '../../src/cli/connect-pagerduty.ts'
import { doctor } from '../../src/cli/doctor.ts'
import { tryEvidence } from '../../src/cli/evidence.ts'
import { loadConfig, readConfig } from '../../src/config/config.ts'
import { Service } from '../../src/incident/service.ts'
import { slackChecks } from '../../src/integrations/slack/check.ts'
import { createSlack } from '../../src/integrations/slack/client.ts'
import { openStore } from '../../src/store/store.ts'
import { serve } from '../integrations/server.ts'

const MUSTER = 'http://127.0.0.1:9'
let sandbox: Sandbox
let lines: string[]
let folder: string
const print = (line: string) => {
  lines.push(line)
}
const config = (more: Record<string, string> = {}) =>
  loadConfig({
    ...sandbox.environment(),
    PUBLIC_URL: MUSTER,
    DATABASE_URL: `sqlite:${join(folder, 'muster.db')}`,
    ...more,
  })

beforeEach(async () => {
  lines = []
  folder = await mkdtemp(join(tmpdir(), 'muster-doctor-'))
  sandbox = await createSandbox({
    clock: createStoryClock({ realNow: Date.now }),
    musterUrl: MUSTER,
    manifest: new URL('../../manifest.yml', import.meta.url),
  })
})
afterEach(async () => {
  await sandbox.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('muster doctor', () => {
  test('reports a correct set-up as ok', async () => {
    expect(await doctor(config(), print), lines.join('\n')).toBe(true)
    expect(lines).toContain('ok    Slack channel #incidents: #incidents')
    expect(lines).toContain('ok    Loki: answers; lines are labelled with app, level, service')
    expect(lines.join('\n')).toContain('charts and checklists are shown as such')
  })

  test('says who is notified when a system fails for minutes, and rejects people whom Slack does not know', async () => {
    const settings = config()
    await doctor(settings, print)
    expect(lines).toContain('ok    admins: nobody is named, so an outage of minutes is posted in #incidents')
    settings.file.admins = ['U0DANA0001', 'robin@shop.example']
    await doctor(settings, print)
    expect(lines.find((line) => line.includes('admins: Dana'))).toMatch(/^ok {4}admins: Dana Whitfield, Robin/)
    settings.file.admins = ['U0DANA0001', 'gone@shop.example']
    expect(await doctor(settings, print)).toBe(false)
    expect(lines).toContain(
      'WRONG admins: Slack has no active account for gone@shop.example; correct `admins:` in muster.yaml',
    )
    settings.file.admins = []
    settings.file.slack.announcements = ''
    expect(await doctor(settings, print)).toBe(false)
    expect(lines.join('\n')).toContain('WRONG admins: nobody is notified when a system fails for minutes')
  })

  test('names the system that failed, and continues with the others', async () => {
    sandbox.loki.setFault({ kind: 'failing' })
    const settings = config()
    settings.file.slack.triage = '#nowhere'
    expect(await doctor(settings, print)).toBe(false)
    const wrong = lines.filter((line) => line.startsWith('WRONG'))
    expect(wrong).toHaveLength(2)
    expect(wrong[0]).toContain('there is no channel #nowhere; make it, or name another one in muster.yaml')
    expect(wrong[1]).toContain('Loki')
  })

  test('reports on a service what was recognised, what would be shown, and what the cluster did', async () => {
    const { world, logs, services } = quiveringQueue
    sandbox.prometheus.show(world, Date.now() - 14 * 60_000)
    sandbox.loki.show(logs, Date.now() - 14 * 60_000)
    const settings = config()
    settings.catalogue = new Map(services.map((service) => [service.id, service]))
    await doctor(settings, print)
    expect(lines.find((line) => line.startsWith('ok    Prometheus'))).toMatch(
      /recognized HTTP requests \(8 of 11 services\), .*RabbitMQ \(rabbitmq\)/,
    )
    lines = []
    expect(await tryEvidence(settings, 'payment', { print })).toBe(true)
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^shown {3}RabbitMQ: messages waiting: /),
        expect.stringMatching(/^cluster \d\d:\d\d RabbitMQ: container killed \d times for lack of memory, OOMKilled /),
        expect.stringMatching(/^usual {3}Cart: Requests, /),
      ]),
    )
    lines = []
    await tryEvidence(settings, 'nobody', { print })
    expect(lines[0]).toBe('nobody is no service of muster.yaml; looking for metrics and log lines that carry this name')
  })

  test('queries Prometheus and Loki with the same credentials as evidence does', async () => {
    await using server = await serve(({ path }) =>
      path.endsWith('/labels') ? { body: { status: 'success', data: ['app'] } } : { status: 401, text: 'no org id' },
    )
    const settings = config({
      PROMETHEUS_URL: server.url,
      PROMETHEUS_TOKEN: 'promtoken',
      PROMETHEUS_TENANT: 'metrics',
      LOKI_URL: server.url,
      LOKI_TOKEN: 'lokitoken',
      LOKI_TENANT: 'logs',
    })
    settings.catalogue = new Map([['web', Service.parse({ id: 'web', name: 'Web' })]])
    await doctor(settings, print)
    expect(lines).toContain(
      'ok    Loki: answers, but no line has the label service; set `logs:` for web in muster.yaml (labels: app)',
    )
    const asDoctor = server.requests.splice(0)
    expect(await tryEvidence(settings, 'web', { print })).toBe(false)
    for (const requests of [asDoctor, server.requests]) {
      const sent = requests.map(({ path, headers }) => [
        path.startsWith('/loki') ? 'loki' : 'prometheus',
        headers.authorization,
        headers['x-scope-orgid'],
      ])
      expect(new Set(sent.map(String))).toEqual(
        new Set(['loki,Bearer lokitoken,logs', 'prometheus,Bearer promtoken,metrics']),
      )
    }
  })

  test('runs the remaining checks when a setting is invalid', async () => {
    const { config: settings, mistakes } = readConfig({
      ...sandbox.environment(),
      DATABASE_URL: `sqlite:${join(folder, 'muster.db')}`,
      PORT: '99999',
      PAGERDUTY_FROM_EMAIL: 'nobody',
      SLACK_APP_TOKEN: 'xapp-wrong',
    })
    expect(await doctor(settings, print, mistakes)).toBe(false)
    expect(lines.filter((line) => line.startsWith('WRONG'))).toEqual([
      expect.stringMatching(/^WRONG setting PAGERDUTY_FROM_EMAIL: .*found "nobody"/),
      expect.stringMatching(/^WRONG setting PORT: .*found "99999"/),
      expect.stringContaining('Slack refused SLACK_APP_TOKEN (apps.connections.open: invalid_auth); copy'),
    ])
    expect(lines).toContain('ok    Loki: answers; lines are labelled with app, level, service')
    expect(lines.join('\n')).toContain('ok    Slack bot token')
  })

  test('creates no database and changes no table', async () => {
    const file = join(folder, 'muster.db')
    await doctor(config(), print)
    expect(lines).toContain('ok    database: not there yet; the first start makes it')
    expect(existsSync(file)).toBe(false)

    const store = await openStore(`sqlite:${file}`, Date.now)
    await store.close()
    const older = new Sqlite(file)
    older.exec("delete from migrations where name <> '0001_incidents'")
    const schema = () => older.prepare('select name, sql from sqlite_schema order by name').all()
    const before = schema()
    lines = []
    expect(await doctor(config(), print)).toBe(false)
    expect(lines[0]).toMatch(/^WRONG database: .*muster\.db: The database is older .*lacks 0002_\w+.*`muster migrate`/)
    expect(schema()).toEqual(before)
    expect(older.prepare('select count(*) as count from migrations').get()).toEqual({ count: 1 })
    older.close()
  })

  test('agrees with serve about newer blocks when the workspace cannot validate them', async () => {
    await using slack = await serve(() => ({ body: { ok: false, error: 'unknown_method' } }))
    const { newBlocks } = slackChecks(createSlack({ token: 'xoxb-1', apiUrl: slack.url, now: Date.now }))
    expect(await newBlocks()).toContain('Muster tries them and falls back to classic ones')
  })

  test('names the scopes that a token lacks', async () => {
    await using slack = await serve(() => ({
      headers: { 'x-oauth-scopes': 'chat:write,pins:write' },
      body: { ok: true, team: 'Shop', user: 'muster' },
    }))
    const { token } = slackChecks(createSlack({ token: 'xoxb-1', apiUrl: slack.url, now: Date.now }))
    await expect(token(['chat:write', 'users:read', 'groups:write'])).rejects.toThrow('lacks users:read, groups:write')
    expect(await token(['chat:write'])).toContain('with all 1 scopes')
  })
})

describe('doctor --pagerduty', () => {
  const subscriptions = () => sandbox.pagerduty.state().subscriptions

  test('creates the webhook, prints its secret, and finds it on the next run', async () => {
    subscriptions().length = 0
    const bare = config({ PAGERDUTY_WEBHOOK_SECRET: '' })
    expect(await connectPagerDuty(bare, [], print)).toBe(true)
    const [made] = subscriptions()
    expect(made).toMatchObject({ url: `${MUSTER}/webhooks/pagerduty`, filter: { type: 'account_reference' } })
    expect(lines).toContain(`PAGERDUTY_WEBHOOK_SECRET=${made?.secret}`)

    lines = []
    expect(await connectPagerDuty(config({ PAGERDUTY_WEBHOOK_SECRET: made?.secret ?? '' }), [], print)).toBe(true)
    expect(subscriptions()).toHaveLength(1)
    expect(lines.join('\n')).not.toContain(made?.secret)
    expect(lines.join('\n')).toContain('PagerDuty pings')

    lines = []
    expect(await connectPagerDuty(bare, [], print)).toBe(false)
    expect(lines.join('\n')).toContain('its secret was shown once')
  })

  test('creates one for each named service, and only the missing ones', async () => {
    subscriptions().length = 0
    await connectPagerDuty(config(), ['PSVCSHIP'], print)
    await connectPagerDuty(config(), ['PSVCSHIP', 'PSVCPAY'], print)
    expect(subscriptions().map(({ filter }) => filter)).toEqual([
      { type: 'service_reference', id: 'PSVCSHIP' },
      { type: 'service_reference', id: 'PSVCPAY' },
    ])
  })

  test('re-enables a webhook that PagerDuty disabled', async () => {
    const [first] = subscriptions()
    if (first) first.disabled = true
    expect(await connectPagerDuty(config(), [], print)).toBe(true)
    expect(subscriptions()[0]?.disabled).toBe(false)
  })

  test("requires Muster's public URL", async () => {
    expect(await connectPagerDuty(config({ PUBLIC_URL: '' }), [], print)).toBe(false)
    expect(lines[0]).toContain('PUBLIC_URL is not set')
  })

  test.each(['http://localhost:3000', 'http://10.0.0.7', 'http://muster', 'http://[::1]:3000', 'http://muster.local'])(
    'reports that PagerDuty cannot reach %s',
    async (url) => {
      const settings = config({ PUBLIC_URL: url, PAGERDUTY_API_URL: 'https://api.pagerduty.com' })
      expect(await connectPagerDuty(settings, [], print)).toBe(false)
      expect(lines).toEqual([expect.stringContaining(`WRONG PagerDuty cannot reach ${url}`)])
    },
  )

  test('never prints a secret', async () => {
    await using pagerduty = await serve(({ method }) => ({
      body:
        method === 'POST'
          ? { webhook_subscription: { id: 'PWH1', active: true } }
          : { webhook_subscriptions: [], more: false },
    }))
    expect(await connectPagerDuty(config({ PAGERDUTY_API_URL: pagerduty.url }), [], print)).toBe(false)
    expect(lines.join('\n')).toContain('WRONG PagerDuty sent no secret')
    expect(lines.join('\n')).not.toContain('PAGERDUTY_WEBHOOK_SECRET=')
  })
})
