import { expect, onTestFinished, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { serve, startWorld, until } from './stack.ts'

/** Bodies and log lines hold what customers type; nothing of them is a secret by its shape. */
const PLANTED = 'planted-customer-words'

test('what bodies and log lines say never reaches our own log, at any level', { timeout: 120_000 }, async () => {
  const world = await startWorld({ env: { LOG_LEVEL: 'trace' } })
  const muster = serve({ ...world.environment, MUSTER_CONFIG: await world.writeSettings() })
  onTestFinished(async () => {
    await muster.kill()
    await world.stop()
  })
  await until('Muster to listen', () =>
    fetch(`${world.musterUrl}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  const line = { service: 'shipping', level: 'error' as const, text: `refused ${PLANTED}`, atMs: 0 }
  world.sandbox.loki.show([line], Date.now() - 60_000)
  const post = (path: string, body: string, authorization = `Bearer ${SANDBOX_SECRETS.alertmanager}`) =>
    fetch(`${world.musterUrl}/webhooks/${path}`, { method: 'POST', headers: { authorization }, body })
  const alert = {
    status: 'firing',
    labels: { alertname: 'Slow', service: 'shipping', severity: 'critical', customer: PLANTED },
    annotations: { summary: `It is slow for ${PLANTED}`, description: PLANTED },
    startsAt: new Date().toISOString(),
    fingerprint: 'f1',
  }
  expect((await post('alertmanager', JSON.stringify({ version: '4', alerts: [alert] }))).status).toBe(202)
  expect((await post('alertmanager', JSON.stringify({ about: { note: PLANTED } }))).status).toBe(202)
  expect((await post('alertmanager', `${PLANTED} is no JSON`)).status).toBe(400)
  expect((await post('alertmanager', '{}', `Bearer ${PLANTED}`)).status).toBe(401)
  await until('the log lines in the channel', () => {
    const channel = world.incidentChannel(1)
    return channel && JSON.stringify(world.messages(channel.id)).includes(`refused ${PLANTED}`)
  })
  const written = `${muster.logged()}${muster.stderr()}`
  expect(written).toContain('webhook not understood')
  expect(written).toContain('effect done')
  expect(written).not.toContain(PLANTED)
})
