import type { Store } from '../../src/store/store.ts'
import { unfinished, type World } from '../../test/e2e/stack.ts'

/** What came of everything that was accepted. */
export type Account = {
  accepted: number
  /** Accepted, and no incident has it. */
  lost: string[]
  /** Two incidents of one alert, two channels of one incident, two messages of one effect, two pins. */
  doubled: string[]
  /** Steps that Muster gave up on. */
  failed: string[]
  /** Still in the queue at the end. */
  pending: number
}

/** Compares what was accepted with the event logs and with Slack itself. */
export const account = async (store: Store, world: World, accepted: readonly string[]): Promise<Account> => {
  const incidents = await store.list({ limit: 100_000 })
  const titles = incidents.map(({ title }) => title)
  const channelsOf = (id: string) => world.channels().filter(({ name }) => name.startsWith(`${id.toLowerCase()}-`))
  const marks = world.messages().flatMap(({ metadata }) => (metadata ? [JSON.stringify(metadata)] : []))
  return {
    accepted: accepted.length,
    lost: accepted.filter((title) => !titles.includes(title)),
    doubled: [
      ...repeated(titles).map((title) => `incident ${title}`),
      ...incidents.filter(({ id }) => channelsOf(id).length > 1).map(({ id }) => `channel of ${id}`),
      ...incidents.filter(({ id }) => (channelsOf(id)[0]?.pins.length ?? 0) > 1).map(({ id }) => `pin of ${id}`),
      ...repeated(marks).map((mark) => `message ${mark}`),
    ],
    failed: incidents.flatMap(({ id, failures }) => Object.keys(failures).map((effect) => `${effect} of ${id}`)),
    pending: (await unfinished(store)).length,
  }
}

const repeated = (values: readonly string[]): string[] => [
  ...new Set(values.filter((value, i) => values.indexOf(value) !== i)),
]
