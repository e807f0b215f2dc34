import { joinAlert } from '../src/incident/alert-decisions.ts'
import { declare, note } from '../src/incident/decide.ts'
import { openStore, type Store } from '../src/store/store.ts'
import { median, type Result, rounded } from './result.ts'

const EARLY = 10
const LATE = 10_000
const ROUNDS = 40
const PER_ROUND = 10

/** What one append costs in an incident of ten events and in one of ten thousand. In memory, where no disk hides the difference. */
export const run = async (): Promise<Result> => {
  const store = await openStore('sqlite::memory:', Date.now)
  try {
    const late = await incidentOf(store, LATE)
    const times: { early: number; late: number }[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const early = await incidentOf(store, EARLY)
      const both = { early: await appending(store, early), late: await appending(store, late) }
      if (round > 0) times.push(both)
    }
    const early = median(times.map((time) => time.early))
    const ten = median(times.map((time) => time.late))
    const ratio = median(times.map((time) => time.late / time.early))
    return {
      name: 'append',
      about: `One append to an incident, database in memory, median of ${ROUNDS} rounds. Goal: the same early and late.`,
      columns: ['', 'µs', 'ratio'],
      rows: [
        [`at event ${EARLY}`, early.toFixed(0), '1.00'],
        [`at event ${LATE.toLocaleString('en')}`, ten.toFixed(0), ratio.toFixed(2)],
      ],
      figures: { ratio: rounded(ratio), earlyMicros: rounded(early), lateMicros: rounded(ten) },
    }
  } finally {
    await store.close()
  }
}

const act = () => ({ by: 'U0BENCH001', at: Date.now() })

/** An incident with this many events: the declaration, then notes and alerts in turn. */
const incidentOf = async (store: Store, events: number): Promise<string> => {
  const { incident } = await store.write({
    to: 'new',
    decide: () => declare({ title: 'Checkout is slow', severity: 'sev2' }, act()),
  })
  const id = incident!.id
  await Promise.all(
    Array.from({ length: events - 1 }, (_, i) =>
      store.write({
        to: id,
        decide: (now) =>
          i % 2 === 0
            ? note(now, { text: `Looked at replica ${i}` }, act())
            : joinAlert(now, { alert: alertOf(`${id}-${i}`), reason: 'same group' }, { ...act(), by: 'alertmanager' }),
      }),
    ),
  )
  return id
}

const alertOf = (name: string) => ({
  key: `alertmanager:${name}`,
  source: 'alertmanager',
  state: 'firing' as const,
  title: `Replica ${name} is slow`,
  group: 'replicas',
  labels: { service: 'checkout' },
  startsAt: Date.now(),
})

/** Microseconds for one append, each in a transaction of its own. */
const appending = async (store: Store, id: string): Promise<number> => {
  const begun = performance.now()
  for (let i = 0; i < PER_ROUND; i++)
    await store.write({ to: id, decide: (incident) => note(incident, { text: 'Looked again' }, act()) })
  return ((performance.now() - begun) / PER_ROUND) * 1000
}
