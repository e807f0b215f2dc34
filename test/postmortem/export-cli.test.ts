import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Charts, createCharts } from '../../src/charts/charts.ts'
import { Refusal } from '../../src/incident/errors.ts'
import { exportAll, exportIncident } from '../../src/postmortem/export-cli.ts'
import { createPostmortems, type Postmortems } from '../../src/postmortem/postmortem.ts'
import type { Store } from '../../src/store/store.ts'
import { storedLog } from './log.ts'

let store: Store
let charts: Charts
let postmortems: Postmortems
beforeAll(async () => {
  const stored = await storedLog('connection-collapse')
  store = stored.store
  charts = createCharts()
  const nameOf = async (id: string) => stored.names[id] ?? id
  const options = { timezone: 'UTC' }
  postmortems = createPostmortems({ store, nameOf, chartPng: (snapshot) => charts.png(snapshot), ...options })
})
afterAll(async () => {
  await charts.close()
  await store.close()
})
const folder = () => mkdtempSync(join(tmpdir(), 'muster-export-'))
const write = (): never => {
  throw new Error('nothing should be printed')
}

describe('muster export', () => {
  test('prints to standard output without a file', async () => {
    let printed = ''
    const options = { postmortems, id: 'inc-1', format: 'md' as const, write: (text: string) => (printed += text) }
    expect(await exportIncident(options)).toEqual([])
    expect(printed).toMatch(/^# Postmortem INC-1: /)
  })

  test('writes the charts that a Markdown export references beside it', async () => {
    const out = join(folder(), 'deep/inc-1.md')
    expect(await exportIncident({ postmortems, id: '1', format: 'md', out, write })).toEqual([
      `Wrote ${out} and 2 charts beside it.`,
    ])
    const files = [...readFileSync(out, 'utf8').matchAll(/!\[.*?\]\((charts\/\w+\.png)\)/g)].map(([, file]) => file)
    expect(files).toHaveLength(2)
    for (const file of files) {
      const png = readFileSync(join(dirname(out), String(file)))
      expect(png.subarray(1, 4).toString()).toBe('PNG')
    }
  })

  test('writes one HTML page with the charts inlined', async () => {
    const out = join(folder(), 'inc-1.html')
    await exportIncident({ postmortems, id: 'INC-1', format: 'html', out, write })
    expect(readFileSync(out, 'utf8').match(/src="data:image\/png;base64,iVBOR/g)).toHaveLength(2)
    expect(existsSync(join(dirname(out), 'charts'))).toBe(false)
  })

  test('writes JSON', async () => {
    const out = join(folder(), 'inc-1.json')
    await exportIncident({ postmortems, id: 'INC-1', format: 'json', out, write })
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ schemaVersion: 1, incident: { id: 'INC-1' } })
  })

  test('writes a PDF', async () => {
    const out = join(folder(), 'inc-1.pdf')
    expect(await exportIncident({ postmortems, id: 'INC-1', format: 'pdf', out, write })).toEqual([`Wrote ${out}.`])
    expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('writes every finished incident since a given day', async () => {
    const into = folder()
    const all = { postmortems, store, format: 'confluence' as const, folder: into }
    const out = join(into, 'INC-1-postmortem.confluence.xml')
    const since = (day: string) => exportAll({ ...all, since: Date.parse(day) })
    expect(await since('2026-03-14')).toEqual([`Wrote ${out} and 2 charts beside it.`, 'Exported 1 incident.'])
    expect(readFileSync(out, 'utf8')).toContain('<h2>Summary</h2>')
    await expect(since('2026-03-15')).rejects.toThrow('No incident has been resolved in that time')
  })

  test.each(['INC-7', 'payments', ''])('rejects an unknown incident: %j', async (id) => {
    await expect(exportIncident({ postmortems, id, format: 'md', write })).rejects.toThrow(Refusal)
  })
})
