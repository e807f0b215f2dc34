import { createHmac } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { picture } from '../../sandbox/grafana/picture.ts'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

const SERVICES = { shipping: { name: 'Shipping' } }

/** An alert as Grafana's contact point sends it, signed. */
const grafanaAlert = async (road: Road, alert: object): Promise<void> => {
  const body = JSON.stringify({
    ...{ version: '1', orgId: 1, status: 'firing', receiver: 'muster', groupKey: '{}', externalURL: '' },
    ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {} },
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Slow shipping', service: 'shipping', severity: 'critical' },
        annotations: { summary: 'Shipping is slow' },
        ...{ startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z', fingerprint: 'f00dcafe' },
        ...alert,
      },
    ],
  })
  const response = await fetch(`${road.musterUrl}/webhooks/grafana`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-grafana-alerting-signature': createHmac('sha256', SANDBOX_SECRETS.grafana).update(body).digest('hex'),
    },
    body,
  })
  expect(response.status).toBe(202)
}

const blocksIn = (road: Road, channel: string) =>
  road.messages(channel).flatMap((message) => (message.blocks ?? []) as { type: string; [member: string]: unknown }[])

const imagesIn = (road: Road, channel: string) =>
  blocksIn(road, channel).flatMap(({ type, title }) => (type === 'image' ? [(title as { text: string }).text] : []))

test('a screenshot embedded in an alert is shown in the channel and the postmortem, even without Grafana configured', async () => {
  const nothing = { GRAFANA_URL: '', GRAFANA_TOKEN: '', PROMETHEUS_URL: '', LOKI_URL: '' }
  const road = await startRoad({ file: { services: SERVICES }, env: nothing })
  onTestFinished(() => road.stop())
  const png = picture(400, 200, (x, y) => (x > y ? [200, 60, 60] : [240, 240, 240]))
  const embeddedImage = `data:image/png;base64,${png.toString('base64')}`
  await grafanaAlert(road, { embeddedImage, imageURL: 'https://screenshots.example/1.png' })
  const channel = await until('the incident', () => road.incidentChannel(1))
  await until('the picture', () => imagesIn(road, channel.id).includes('Screenshot: Shipping is slow'))
  await road.settled()
  const summary = road.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))
  expect(textOf(summary)).toContain(':frame_with_picture: Screenshot: Shipping is slow')
  const events = await road.muster.store.events('INC-1')
  // The log names the picture, and holds none of it.
  expect(JSON.stringify(events)).not.toContain(png.toString('base64').slice(0, 40))

  await road.command(people.dana, channel.id, 'resolve Restarted')
  await road.settled()
  const [markdown, pictures] = [
    await road.muster.postmortems.markdown('INC-1'),
    (await road.muster.postmortems.files('INC-1'))?.pictures ?? [],
  ]
  const [file] = /charts\/[\w-]+\.png/.exec(markdown ?? '') ?? []
  expect(pictures.find(({ path }) => path === file)?.bytes.equals(png)).toBe(true)
})

test('an embedded file that is not an image is dropped, and the alert still opens its incident', async () => {
  const road = await startRoad({ file: { services: SERVICES } })
  onTestFinished(() => road.stop())
  await grafanaAlert(road, { embeddedImage: Buffer.from('<script>alert(1)</script>').toString('base64') })
  const channel = await until('the incident', () => road.incidentChannel(1))
  await road.settled()
  expect(imagesIn(road, channel.id)).not.toContain('Screenshot: Shipping is slow')
})

test('an incident is a region annotation in Grafana until it is resolved, unless muster.yaml disables it', async () => {
  const road = await startRoad({ file: { services: SERVICES } })
  onTestFinished(() => road.stop())
  await grafanaAlert(road, {})
  const channel = await until('the incident', () => road.incidentChannel(1))
  const region = () => road.sandbox.grafana.annotations().find(({ tags }) => tags.includes('INC-1'))
  await until('the region', region)
  expect(region()).toMatchObject({ text: 'INC-1 (sev2): Shipping is slow', tags: expect.arrayContaining(['incident']) })
  await road.command(people.dana, channel.id, 'severity sev1')
  await road.command(people.dana, channel.id, 'resolve Restarted')
  await until('its end', () => region()?.text === 'INC-1 (sev1, resolved): Shipping is slow')
  const resolved = (await road.muster.store.read('INC-1'))?.milestones.resolved?.at
  expect(region()?.timeEnd).toBe(resolved)
  expect(road.sandbox.grafana.annotations()).toHaveLength(1)

  const off = await startRoad({ file: { services: SERVICES, grafana: { annotations: false } } })
  onTestFinished(() => off.stop())
  await grafanaAlert(off, {})
  await until('the incident', () => off.incidentChannel(1))
  await off.settled()
  expect(off.sandbox.grafana.annotations()).toEqual([])
})

test('with Grafana as the only source, its panels and, through its proxy, its Prometheus appear in the channel', async () => {
  const shipping = connectionCollapse.services.find(({ id }) => id === 'shipping')
  const road = await startRoad({
    file: { services: { shipping: { name: 'Shipping', queries: shipping?.queries ?? [] } } },
    env: { PROMETHEUS_URL: '', LOKI_URL: '' },
  })
  onTestFinished(() => road.stop())
  const anchor = Date.now() - 15 * 60_000
  road.sandbox.prometheus.show(connectionCollapse.world, anchor)
  road.sandbox.grafana.show({ ...connectionCollapse, hasRenderer: false }, anchor)
  // Grafana 13, where the old address of dashboards is gone.
  road.sandbox.grafana.setDashboardApi('resources')
  const panelURL = `${road.sandbox.grafana.url}/d/shipping/shipping?viewPanel=3`
  await grafanaAlert(road, { panelURL, startsAt: new Date(anchor).toISOString() })
  const channel = await until('the incident', () => road.incidentChannel(1))
  const [latency, , panel] = shipping?.queries ?? []
  await until('the graph of the catalogue', () => imagesIn(road, channel.id).includes(latency?.title ?? ''))
  await road.settled()
  const events = await road.muster.store.events('INC-1')
  const seen = events.flatMap((event) => (event.type === 'evidence_collected' ? event.snapshots : []))
  expect(seen.filter(({ kind }) => kind === 'missing')).toEqual([])
  expect(seen.some(({ title }) => title === panel?.title)).toBe(true)
})
