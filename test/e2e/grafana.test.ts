import { createHmac } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { picture } from '../../sandbox/grafana/picture.ts'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const SERVICES = { shipping: { name: 'Shipping' } }

/** An alert as Grafana's contact point sends it, signed. */
const grafanaAlert = async (stack: Stack, alert: object): Promise<void> => {
  const body = JSON.stringify({
    version: '1',
    orgId: 1,
    status: 'firing',
    receiver: 'muster',
    groupKey: '{}',
    externalURL: '',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Slow shipping', service: 'shipping', severity: 'critical' },
        annotations: { summary: 'Shipping is slow' },
        startsAt: new Date().toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        fingerprint: 'f00dcafe',
        ...alert,
      },
    ],
  })
  const response = await fetch(`${stack.musterUrl}/webhooks/grafana`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-grafana-alerting-signature': createHmac('sha256', SANDBOX_SECRETS.grafana).update(body).digest('hex'),
    },
    body,
  })
  expect(response.status).toBe(202)
}

const blocksIn = (stack: Stack, channel: string) =>
  stack.messages(channel).flatMap((message) => (message.blocks ?? []) as { type: string; [member: string]: unknown }[])

const imagesIn = (stack: Stack, channel: string) =>
  blocksIn(stack, channel).flatMap(({ type, title }) => (type === 'image' ? [(title as { text: string }).text] : []))

test('a screenshot embedded in an alert is shown in the channel and the postmortem, even without Grafana configured', async () => {
  const nothing = { GRAFANA_URL: '', GRAFANA_TOKEN: '', PROMETHEUS_URL: '', LOKI_URL: '' }
  const stack = await startStack({ file: { services: SERVICES }, env: nothing })
  onTestFinished(() => stack.stop())
  const png = picture(400, 200, (x, y) => (x > y ? [200, 60, 60] : [240, 240, 240]))
  const embeddedImage = `data:image/png;base64,${png.toString('base64')}`
  await grafanaAlert(stack, { embeddedImage, imageURL: 'https://screenshots.example/1.png' })
  const channel = await until('the incident', () => stack.incidentChannel(1))
  await until('the picture', () => imagesIn(stack, channel.id).includes('Screenshot: Shipping is slow'))
  await stack.settled()
  const summary = stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))
  expect(textOf(summary)).toContain(':frame_with_picture: Screenshot: Shipping is slow')
  const events = await stack.muster.store.events('INC-1')
  // The log names the picture, and holds none of it.
  expect(JSON.stringify(events)).not.toContain(png.toString('base64').slice(0, 40))

  await stack.command(people.dana, channel.id, 'resolve Restarted')
  await stack.settled()
  const [markdown, pictures] = [
    await stack.muster.postmortems.markdown('INC-1'),
    (await stack.muster.postmortems.files('INC-1'))?.pictures ?? [],
  ]
  const [file] = /charts\/[\w-]+\.png/.exec(markdown ?? '') ?? []
  expect(pictures.find(({ path }) => path === file)?.bytes.equals(png)).toBe(true)
})

test('an embedded file that is not an image is dropped, and the alert still opens its incident', async () => {
  const stack = await startStack({ file: { services: SERVICES } })
  onTestFinished(() => stack.stop())
  await grafanaAlert(stack, { embeddedImage: Buffer.from('<script>alert(1)</script>').toString('base64') })
  const channel = await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  expect(imagesIn(stack, channel.id)).not.toContain('Screenshot: Shipping is slow')
})

test('an incident is a region annotation in Grafana until it is resolved, unless muster.yaml disables it', async () => {
  const stack = await startStack({ file: { services: SERVICES } })
  onTestFinished(() => stack.stop())
  await grafanaAlert(stack, {})
  const channel = await until('the incident', () => stack.incidentChannel(1))
  const region = () => stack.sandbox.grafana.annotations().find(({ tags }) => tags.includes('INC-1'))
  await until('the region', region)
  expect(region()).toMatchObject({ text: 'INC-1 (sev2): Shipping is slow', tags: expect.arrayContaining(['incident']) })
  await stack.command(people.dana, channel.id, 'severity sev1')
  await stack.command(people.dana, channel.id, 'resolve Restarted')
  await until('its end', () => region()?.text === 'INC-1 (sev1, resolved): Shipping is slow')
  const resolved = (await stack.muster.store.read('INC-1'))?.milestones.resolved?.at
  expect(region()?.timeEnd).toBe(resolved)
  expect(stack.sandbox.grafana.annotations()).toHaveLength(1)

  const off = await startStack({ file: { services: SERVICES, grafana: { annotations: false } } })
  onTestFinished(() => off.stop())
  await grafanaAlert(off, {})
  await until('the incident', () => off.incidentChannel(1))
  await off.settled()
  expect(off.sandbox.grafana.annotations()).toEqual([])
})

test('with Grafana as the only source, its panels and, through its proxy, its Prometheus appear in the channel', async () => {
  const shipping = connectionCollapse.services.find(({ id }) => id === 'shipping')
  const stack = await startStack({
    file: { services: { shipping: { name: 'Shipping', queries: shipping?.queries ?? [] } } },
    env: { PROMETHEUS_URL: '', LOKI_URL: '' },
  })
  onTestFinished(() => stack.stop())
  const anchor = Date.now() - 15 * 60_000
  stack.sandbox.prometheus.show(connectionCollapse.world, anchor)
  stack.sandbox.grafana.show({ ...connectionCollapse, hasRenderer: false }, anchor)
  // Grafana 13, where the old address of dashboards is gone.
  stack.sandbox.grafana.setDashboardApi('resources')
  const panelURL = `${stack.sandbox.grafana.url}/d/shipping/shipping?viewPanel=3`
  await grafanaAlert(stack, { panelURL, startsAt: new Date(anchor).toISOString() })
  const channel = await until('the incident', () => stack.incidentChannel(1))
  const [latency, , panel] = shipping?.queries ?? []
  await until('the graph of the catalogue', () => imagesIn(stack, channel.id).includes(latency?.title ?? ''))
  await stack.settled()
  const events = await stack.muster.store.events('INC-1')
  const seen = events.flatMap((event) => (event.type === 'evidence_collected' ? event.snapshots : []))
  expect(seen.filter(({ kind }) => kind === 'missing')).toEqual([])
  expect(seen.some(({ title }) => title === panel?.title)).toBe(true)
})
