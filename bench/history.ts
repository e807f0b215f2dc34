import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventsOf } from '../src/learning/import/events.ts'
import { createLearning } from '../src/learning/learning.ts'
import { createLog } from '../src/platform/log.ts'
import { openStore, type Store } from '../src/store/store.ts'
import { startCluster } from '../test/global-setup.ts'
import { median, type Result, rounded } from './result.ts'

const FEW = 100
const MANY = 10_000
const ROUNDS = 7
const AT_ONCE = 200
const DAY_MS = 86_400_000

/** What search, similar incidents, insights and the list of open ones cost with a hundred and with ten thousand past incidents. */
export const run = async (): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-history-'))
  const cluster = await startCluster()
  const rows: string[][] = []
  const figures: Record<string, unknown> = {}
  try {
    for (const [kind, fresh] of [
      ['SQLite', async (size: number) => `sqlite:${join(folder, `${size}.db`)}`],
      ['PostgreSQL', cluster.newDatabase],
    ] as const) {
      const [few, many] = [await world(await fresh(FEW), FEW), await world(await fresh(MANY), MANY)]
      for (const task of Object.keys(few.tasks) as (keyof typeof few.tasks)[]) {
        const times: { few: number; many: number }[] = []
        for (let round = 0; round <= ROUNDS; round++) {
          const both = { few: await timed(few.tasks[task]), many: await timed(many.tasks[task]) }
          if (round > 0) times.push(both)
        }
        const [small, large] = [median(times.map((time) => time.few)), median(times.map((time) => time.many))]
        rows.push([`${task}, ${kind}`, small.toFixed(1), large.toFixed(1), (large / small).toFixed(1)])
        figures[`${task} ${kind}`] = { fewMs: rounded(small), manyMs: rounded(large), ratio: rounded(large / small) }
      }
      await few.store.close()
      await many.store.close()
    }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return {
    name: 'history',
    about: `Milliseconds with ${FEW} and with ${MANY.toLocaleString('en')} imported incidents, median of ${ROUNDS} rounds. A hundred times the incidents; good is far less than a hundred times the time.`,
    columns: ['', String(FEW), MANY.toLocaleString('en'), 'ratio'],
    rows,
    figures,
  }
}

const timed = async (task: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await task()
  return performance.now() - begun
}

/** A database with this many past incidents, indexed, and one that is open. */
const world = async (url: string, size: number) => {
  const now = Date.now()
  const store = await openStore(url, Date.now)
  for (let i = 0; i < size; i += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, size - i) }, (_, k) =>
        store.write({ to: 'new', decide: () => past(i + k, now), once: `import:bench:${i + k}` }),
      ),
    )
  const tonight = await declareTonight(store, now)
  const learning = createLearning({
    store,
    catalogue: new Map(),
    severities: [],
    now: () => now,
    log: createLog('warn'),
  })
  const indexing = await timed(() => learning.insights({ from: 0, to: now }))
  console.log(`${size} incidents on ${store.kind}: indexed in ${(indexing / 1000).toFixed(1)} s`)
  const mine = () => false
  return {
    store,
    tasks: {
      similar: () => learning.similar(tonight),
      'find a rare word': () => learning.find(`replica${size - 1}`, mine),
      'find a common word': () => learning.find('shipping timeout', mine),
      'insights of 90 days': () => learning.insights({ from: now - 90 * DAY_MS, to: now }),
      'insights of ten years': () => learning.insights({ from: now - 3_650 * DAY_MS, to: now }),
      'list open': () => store.list({ statuses: ['investigating'], limit: 50 }),
      'list over': () => store.list({ statuses: ['resolved', 'closed'], limit: 50 }),
    },
  }
}

const SERVICES = ['shipping', 'checkout', 'payment', 'search', 'web', 'cart', 'user', 'ratings', 'catalogue', 'mail']
const RULES = ['HighErrorRate', 'HighLatency', 'PoolExhausted', 'QueueGrows', 'DiskFull']

const past = (i: number, now: number) => {
  const at = now - Math.floor(((i + 1) * 3_600 * DAY_MS) / 10_000)
  const service = SERVICES[i % SERVICES.length] as string
  const rule = RULES[i % RULES.length] as string
  const row = {
    id: String(i),
    title: `${service} is slow, replica${i}`,
    declared_at: at,
    resolved_at: at + 1_800_000,
    alert: `${rule}${i % 40}`,
    impact: 'Some orders fail with a timeout',
    outcome: `Restarted ${service}`,
    timeline: [{ at: at + 60_000, text: `Looked at replica${i} of ${service}: connection timeout` }],
  }
  return eventsOf(row as Parameters<typeof eventsOf>[0], {
    from: 'bench',
    severity: `sev${1 + (i % 4)}`,
    service,
    isAlert: false,
  })
}

const declareTonight = async (store: Store, now: number) => {
  const alert = {
    key: 'alertmanager:tonight',
    source: 'alertmanager',
    state: 'firing' as const,
    labels: {},
    startsAt: now,
  }
  const { incident } = await store.write({
    to: 'new',
    decide: () => [
      {
        type: 'declared',
        by: 'alertmanager',
        at: now,
        title: 'shipping is slow',
        severity: 'sev2',
        status: 'investigating',
        private: false,
        drill: false,
        service: 'shipping',
        alert: { ...alert, title: 'Pool', rule: 'PoolExhausted2', service: 'shipping' },
      },
    ],
  })
  if (!incident) throw new Error('Nothing was declared.')
  return incident
}
