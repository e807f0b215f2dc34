import { describe, expect, test } from 'vitest'
import { startSandboxed } from './sandboxed.ts'
import { expectToldAlike } from './told-alike.ts'

/** What a story must end as. Its key facts are words of the timeline, in the order they happened. */
type End = { id: string; severity: string; services: string[]; alerts: string[]; facts: string[] }

const ENDS: End[] = [
  {
    id: 'connection-collapse',
    severity: 'sev1',
    services: ['shipping', 'ratings'],
    alerts: [
      'High P90 latency on Shipping: 9.28 s',
      '30 % of requests to shipping fail',
      '84 % of requests to ratings fail',
    ],
    facts: ['High P90 latency on Shipping', 'threads_connected went flat', 'Killed the idle connections', 'Deploy'],
  },
  {
    id: 'quivering-queue',
    severity: 'sev2',
    services: ['rabbitmq'],
    alerts: ['RabbitMQ pods are OOMKilled'],
    facts: ['Customers cannot pay', 'pending-orders-recreation is mine', 'OOMKilled', '6 replicas with 400Mi'],
  },
  {
    id: 'cache-degradation',
    severity: 'sev1',
    services: ['storefront', 'checkout'],
    alerts: ['Web pods use 98 % of their CPU limit', 'The checkout page is down'],
    facts: ['Web pods use 98 %', 'The checkout page is down', 'Cache hits fell', 'Fix the network configuration'],
  },
  {
    id: 'index-migration',
    severity: 'sev1',
    services: ['order-events', 'orders-db'],
    alerts: [
      'The oldest message in order-events has waited for 64 s (alarm from 60 s)',
      'CPU of orders is at 76 % (alarm from 70 %)',
      'CPU of orders is at 93 % (alarm from 90 %)',
      '212 messages wait in order-events-dlq (alarm from 0)',
    ],
    facts: [
      'The oldest message in order-events',
      'CPU of orders is at 76 %',
      'Its index migration runs after the code',
      'Restart the orders',
    ],
  },
  {
    id: 'stampede',
    severity: 'sev1',
    services: ['public-site'],
    alerts: ['Public site slow: P90 over 10 s'],
    facts: ['Public site slow', 'not the work', 'Scale document-worker to 0'],
  },
  {
    id: 'interceptor-loop',
    severity: 'sev2',
    services: [],
    alerts: [],
    facts: ['High latency on api', 'a for loop there'],
  },
]

// Side by side: a story mostly waits for what its last step caused.
describe.concurrent('a story played to the end', () => {
  test.each(ENDS)(
    '$id is one incident with all its alerts, resolved and with a postmortem',
    { timeout: 120_000 },
    async (end) => {
      // The second night of a demo is more than a day ahead of the real clock.
      const startAt = Date.now() + 2 * 86_400_000
      await using stage = await startSandboxed({ startAt })
      const { sandbox, muster, settled } = stage
      const failures: string[] = []
      const player = sandbox.play(end.id, settled, (event) => {
        if (event.type === 'step_failed') failures.push(`${event.caption}: ${event.reason}`)
      })
      player.setSpeed(0)
      player.play()
      await player.finished
      await settled()
      expect(failures).toEqual([])

      const incidents = await muster.store.list()
      expect(incidents).toHaveLength(1)
      const [incident] = incidents
      expect(incident).toMatchObject({ id: 'INC-1', status: 'resolved', severity: end.severity, failures: {} })
      expect(incident?.alerts).toMatchObject({ total: end.alerts.length, firing: 0, services: end.services })
      const events = await muster.store.events('INC-1')
      const joined = events.flatMap((event) =>
        (event.type === 'declared' || event.type === 'alert_joined') && event.alert ? [event.alert] : [],
      )
      expect(joined.filter((alert) => alert.startsAt < startAt - 3_600_000)).toEqual([])
      expect(joined.map((alert) => alert.title).sort()).toEqual([...end.alerts].sort())
      expect(sandbox.slack.dump().channels.filter(({ name }) => name.startsWith('inc-'))).toHaveLength(1)

      const document = (await muster.postmortems.markdown('INC-1')) ?? ''
      // The template's own headings are the format that was asked for.
      const body = document.slice(document.indexOf('## Timeline'))
      expect(end.facts.filter((fact) => !body.includes(fact))).toEqual([])
      await expectToldAlike(stage)
    },
  )
})
