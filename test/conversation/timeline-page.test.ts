import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IncidentContext } from '../../src/conversation/command.ts'
import { historyOf, pageLines, readPage } from '../../src/conversation/timeline-page.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { plain } from '../../src/incident/phrase.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { declared, MINUTE, T } from '../incident/facts.ts'

let store: Store
/** How many events were read from the log. */
let read = 0
const events: IncidentContext['events'] = async (part) => {
  const rows = await store.events('INC-1', part)
  read += rows.length
  return rows
}
const note = (i: number): IncidentEvent => ({ type: 'noted', at: T + i * MINUTE, by: 'U0DANA', text: `note ${i}` })
const edit = (entry: number, text: string): IncidentEvent => ({ type: 'entry_edited', at: T, by: 'U0EVE', entry, text })

beforeEach(async () => {
  read = 0
  store = await openStore('sqlite::memory:', () => T)
  const notes = Array.from({ length: 2_000 }, (_, i) => note(i + 2))
  await store.write({ to: 'new', decide: () => [declared(), ...notes, edit(5, 'in other words')] })
})
afterEach(() => store.close())

test('a page shows the newest entries without loading the whole log', async () => {
  const { entries, next } = await readPage(events, {})
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => 1_972 + i))
  expect(next).toBe(1_972)
  expect(read).toBeLessThan(200)
})

test('paging back shows every entry exactly once, with corrections', async () => {
  const seen: number[] = []
  for (let before: number | undefined = 70; before !== undefined; ) {
    const page = await readPage(events, { before })
    seen.unshift(...page.entries.map(({ seq }) => seq))
    before = page.next
  }
  expect(seen).toEqual(Array.from({ length: 69 }, (_, i) => i + 1))
  const { entries } = await readPage(events, { before: 10 })
  expect(entries.map(({ phrases }) => plain(phrases))).toContain('@U0EVE: in other words'.replace('EVE', 'DANA'))
})

test('a filter shows one kind of entry, and offers to continue when a page has no match', async () => {
  expect(await readPage(events, { filter: 'status' })).toEqual({ entries: [], next: 803 })
  expect((await readPage(events, { filter: 'status', before: 803 })).entries.map(({ type }) => type)).toEqual([
    'declared',
  ])
})

test('the history of an entry shows its previous text and who changed it', async () => {
  const page = (await historyOf(events, 5))?.map((line) => plain(line).replace(/^\S+ \S+ UTC /, ''))
  expect(page).toEqual(['@U0DANA: note 5', '@U0EVE wrote: in other words'])
  expect(await historyOf(events, 9_999)).toBeUndefined()
})

test("the first line of each day carries the date, in the reader's time zone", async () => {
  const at = (clock: string) => Date.parse(`2026-11-21T${clock}Z`)
  const entry = (seq: number, clock: string) => ({
    seq,
    at: at(clock),
    recordedAt: at(clock),
    by: 'U0DANA',
    type: 'noted' as const,
    phrases: [{ text: 'x' }],
  })
  const days = (zone: string) =>
    pageLines([entry(1, '21:30'), entry(2, '22:30')], zone).flatMap((line) =>
      'strong' in (line[0] ?? {}) ? plain(line) : [],
    )
  expect(days('UTC')).toEqual(['Saturday, 21 November 2026'])
  expect(days('Europe/Kyiv')).toEqual(['Saturday, 21 November 2026', 'Sunday, 22 November 2026'])
})
