import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportCases, rankFiles } from '../../src/cli/suspects.ts'
import { declare, nameCause } from '../../src/incident/decide.ts'
import { openStore } from '../../src/store/store.ts'
import { act, T } from '../incident/facts.ts'

const CASE = new URL('../fixtures/suspects/connection-collapse.json', import.meta.url)

test('rankings with a recorded cause are exported as cases that rank identically, with the cause as ground truth', async () => {
  const store = await openStore('sqlite::memory:', () => T)
  const folder = mkdtempSync(join(tmpdir(), 'muster-cases-'))
  try {
    const hash = await store.freeze({ kind: 'case', body: await readFile(CASE, 'utf8') })
    for (const title of ['known', 'unknown'])
      await store.write({ to: 'new', decide: () => declare({ title, severity: 'sev2' }, act()) })
    for (const id of ['INC-1', 'INC-2'])
      await store.write({
        to: id,
        decide: () => [
          {
            ...act(),
            type: 'suspects_ranked',
            trigger: 'opening',
            label: 'likely',
            suspects: [],
            facts: [],
            problems: [],
            read: { series: 11, of: 11 },
            services: 5,
            leftOut: 0,
            case: hash,
          },
        ],
      })
    await store.write({
      to: 'INC-1',
      decide: (incident) => nameCause(incident, { service: 'mysql', why: 'idle' }, act()),
    })
    const written = await exportCases({ store, folder })
    expect(written.map((path) => path.slice(folder.length + 1))).toEqual(['INC-1-2.json'])
    expect(JSON.parse(readFileSync(written[0]!, 'utf8'))).toMatchObject({ id: 'INC-1/2', truth: { service: 'mysql' } })
    const lines: string[] = []
    expect(await rankFiles(written, { json: true, write: (line) => lines.push(line), writeError: console.error })).toBe(
      0,
    )
    expect(JSON.parse(lines[0]!)).toMatchObject({ label: 'likely' })
    expect(await exportCases({ store, folder, since: T + 1 })).toEqual([])
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
})
