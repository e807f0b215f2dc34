import { createPause } from '../../src/engine/pause.ts'
import { createRecord } from '../../src/engine/record.ts'
import type { Alert, Signal } from '../../src/incident/alert.ts'
import type { Effect } from '../../src/incident/effect.ts'
import type { EffectContext } from '../../src/incident/effect-handler.ts'
import { type Catalogue, Service } from '../../src/incident/service.ts'
import { createAlertMoves } from '../../src/intake/alert-moves.ts'
import { createAlerts } from '../../src/intake/alerts.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { alert, MINUTE, T } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'

const service = (id: string, dependsOn: string[] = []): [string, Service] => [
  id,
  Service.parse({ id, name: id, dependsOn }),
]

/** web -> cart -> redis, and a few that nothing connects. */
export const catalogue: Catalogue = new Map([
  service('web', ['cart']),
  service('cart', ['redis']),
  service('redis'),
  service('search'),
])

/** Intake over a real store, with a clock that a test moves by hand. */
export const startRouting = async (url = 'sqlite::memory:', budget = { incidents: 3, withinMs: 10 * MINUTE }) => {
  let time = T
  const now = () => time
  const store = await opened(url, now)
  const log = createLog('silent')
  const metrics = createMetrics()
  const record = createRecord({ store, log, metrics, wake: () => {} })
  const announced: string[] = []
  const pause = createPause({
    store,
    announce: async (text) => {
      announced.push(text)
    },
    now,
    log,
  })
  const alerts = createAlerts({
    record,
    store,
    catalogue,
    rules: [],
    severities: ['sev1', 'sev2', 'sev3', 'sev4'],
    windowMs: 30 * MINUTE,
    budget,
    isPaused: pause.isPaused,
    now,
    log,
    metrics,
  })
  const moves = createAlertMoves({ record, store, catalogue, now })
  const signal = (one: Alert): Signal => {
    const at = (one.state === 'firing' ? undefined : one.endsAt) ?? now()
    return { kind: 'alert', once: `${one.key}:${one.state}`, at, alert: one }
  }
  /** Runs the moves that are queued, as the outbox would. */
  const settle = async () => {
    for (const { id, incident, seq, effect } of await store.outbox.claim({
      owner: 'test',
      limit: 1_000,
      leaseMs: 1,
      now: Number.MAX_SAFE_INTEGER,
    })) {
      if (effect.type !== 'move_alerts' && effect.type !== 'open_split') continue
      const context = { incident: await store.read(incident), cause: await store.event(incident, seq), effectId: id }
      // A handler of moves looks at nothing else of its context.
      await (moves[effect.type] as (effect: Effect, context: EffectContext) => Promise<unknown>)(
        effect,
        context as EffectContext,
      )
      await store.write({ to: incident, decide: () => [], done: id })
    }
  }
  return {
    store,
    record,
    alerts,
    pause,
    announced,
    settle,
    pass: (ms: number) => {
      time += ms
    },
    fire: (key: string, more: Partial<Alert> = {}, about: Partial<Signal> = {}) =>
      alerts.ingest({
        ...signal(alert(`am:${key}`, { severity: 'critical', title: key, ...more })),
        ...about,
      } as Signal),
    /** One occurrence of an alert, as Alertmanager tells it: by when it began and, over, by when it ended. */
    tell: (name: string, [startsAt, endsAt]: [number, number?], more: Partial<Alert> = {}) => {
      const about = { fingerprint: `am:${name}`, title: name, severity: 'critical' as const, startsAt, ...more }
      const one = alert(`am:${name}:${startsAt}`, about)
      const ended: Alert = { ...one, state: 'resolved', ...(endsAt === undefined ? {} : { endsAt }) }
      return endsAt === undefined
        ? alerts.ingest({ kind: 'alert', once: `${one.key}:firing`, at: startsAt, alert: one })
        : alerts.ingest({ kind: 'alert', once: `${one.key}:resolved`, at: endsAt, alert: ended })
    },
    now,
    resolve: (key: string, more: Partial<Alert> = {}) =>
      alerts.ingest(signal(alert(`am:${key}`, { title: key, ...more, state: 'resolved' }))),
    /** Every incident in one line: `INC-1 investigating 1/2 web`. */
    lines: async () =>
      (await store.list())
        .map(({ id, status, alerts: { firing, total }, title }) => `${id} ${status} ${firing}/${total} ${title}`)
        .toReversed(),
  }
}
