import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportInsights } from '../../src/cli/insights.ts'
import { exportPlaybooks } from '../../src/cli/playbooks.ts'
import { type Config, catalogueOf, Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import { Refusal } from '../../src/incident/errors.ts'
import { add, DAY, learningOf } from '../learning/past.ts'
import { file, opened, T } from '../store/databases.ts'

const world = async () => {
  const url = await file.fresh()
  const settings = MusterFile.parse({})
  const config: Config = { env: Env.parse({ DATABASE_URL: url }), file: settings, catalogue: catalogueOf(settings) }
  return { config, store: await opened(url) }
}

test('muster insights writes a line per incident, and nothing that a spreadsheet would execute', async () => {
  const { config, store } = await world()
  await add(store, { title: '=HYPERLINK("https://evil.example")', service: 'web', outcome: '@SUM(1)', at: T - DAY })
  await add(store, { title: 'Payroll leak', private: true, at: T - DAY })
  await add(store, { title: 'Long ago', at: T - 30 * DAY })
  let csv = ''
  const write = (text: string) => {
    csv += text
  }
  expect(await exportInsights(config, { since: T - 2 * DAY, write })).toBe(1)
  const [head, row, end] = csv.split('\r\n')
  expect(head).toMatch(/^"id","title","status"/)
  expect(row).toContain(`"INC-1","'=HYPERLINK(""https://evil.example"")","resolved"`)
  expect(row).toContain(`"'@SUM(1)"`)
  expect(end).toBe('')
  expect(csv).not.toContain('Payroll')
})

test('muster playbooks writes a file per playbook, with people by name, and says when there is none', async () => {
  const { config, store } = await world()
  const folder = mkdtempSync(join(tmpdir(), 'muster-playbooks-'))
  try {
    await expect(exportPlaybooks(config, folder)).rejects.toThrow(Refusal)
    const past = await add(store, { title: 'Pool exhausted', service: 'web' })
    const edit = {
      title: 'The pool is exhausted',
      symptoms: '',
      looks: '',
      mitigations: 'Restart it',
      people: '<@U0DANA> knows',
    }
    await learningOf(store).playbooks.save(past, edit, { at: T, by: 'U0DANA' })
    await store.remember('slack:person:U0DANA', JSON.stringify({ name: 'Dana Scully' }))
    expect(await exportPlaybooks(config, folder)).toEqual([`Wrote ${join(folder, 'PB-1.md')}.`])
    const text = readFileSync(join(folder, 'PB-1.md'), 'utf8')
    expect(text).toContain('# The pool is exhausted')
    expect(text).toContain('- Restart it')
    expect(text).toMatch(/- @?Dana Scully knows/)
    expect(text).not.toMatch(/\n\n\n/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
