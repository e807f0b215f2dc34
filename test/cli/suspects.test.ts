import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rankFiles } from '../../src/cli/suspects.ts'

const fixture = (name: string) => new URL(`../fixtures/suspects/${name}.json`, import.meta.url).pathname

const rank = async (files: string[], json: boolean) => {
  const out: string[] = []
  const errors: string[] = []
  const code = await rankFiles(files, {
    json,
    write: (line) => out.push(line),
    writeError: (line) => errors.push(line),
  })
  return { code, out, errors }
}

const folder = mkdtempSync(join(tmpdir(), 'suspects-'))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('prints one JSON line per file, in argument order', async () => {
  const { code, out, errors } = await rank([fixture('cache-degradation'), fixture('quivering-queue')], true)
  expect(code).toBe(0)
  expect(errors).toEqual([])
  const [cache, queue] = out.map((line) => JSON.parse(line))
  expect(cache).toMatchObject({
    id: 'handmade/cache-degradation',
    suspects: [{ service: 'cache', label: 'likely' }, {}, {}, {}],
  })
  expect(queue.suspects[0]).toMatchObject({ service: 'pending-orders-recreation', score: expect.any(Number) })
  expect(queue.suspects[1]).toMatchObject({
    service: 'rabbitmq',
    explainedBy: { service: 'pending-orders-recreation' },
  })
  expect(queue.suspects[0].signals[0]).toMatchObject({
    metric: 'requests',
    unit: 'requests_per_second',
    direction: 'up',
  })
})

test('prints a summary for people first, then a table', async () => {
  const { out } = await rank([fixture('connection-collapse')], false)
  expect(out.join('\n')).toMatchInlineSnapshot(`
    "handmade/connection-collapse
    \`catalogue-db\` is the likely cause: connections 41 → 105 (limit 100) since the alert. \`ratings\` fails because it calls it; \`shipping\` is slow because it calls it.
      1. catalogue-db  3.42  likely                             connections 41 → 105 (limit 100) since the alert
      2. shipping      0.70  no clear suspect  <- catalogue-db  p90 1 s → 9.73 s since the alert; errors 0.1 % → 31 % since the alert
      3. ratings       0.16  no clear suspect  <- catalogue-db  errors 0.1 % → 88 % since the alert; p90 120 ms → 2.72 s since the alert
      4. web           0.13  no clear suspect  <- shipping      p90 300 ms → 1.35 s since the alert
      5. cart          0.03  no clear suspect
    "
  `)
})

test('reports each invalid file in one sentence with the position, and ranks the others', async () => {
  const wrong = { id: 'x', stepSeconds: 30, onsetIndex: 1, alert: { service: 'a', signal: null } }
  const series = [{ service: 'a', metric: 'm', signal: 'latency', worse: 'up', values: [1, 'two'] }]
  const files = [
    file('cut.json', '{"id": "x", '),
    file('value.json', JSON.stringify({ ...wrong, series })),
    join(folder, 'absent.json'),
    fixture('quiet'),
  ]
  const { code, out, errors } = await rank(files, true)
  expect(code).toBe(1)
  expect(errors).toHaveLength(3)
  expect(errors[0]).toMatch(/cut\.json: is not JSON: .*\.$/)
  expect(errors[1]).toMatch(/value\.json: series\[0\]\.values\[1\]: .*expected number.*\.$/)
  expect(errors[2]).toMatch(/absent\.json: cannot be read: ENOENT/)
  expect(out).toHaveLength(1)
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ id: 'handmade/quiet', label: 'no clear suspect' })
})

test('rejects a case whose onset lies outside its values', async () => {
  const { errors } = await rank(
    [
      file(
        'onset.json',
        JSON.stringify({
          id: 'x',
          stepSeconds: 30,
          onsetIndex: 9,
          alert: { service: 'a', signal: null },
          series: [{ service: 'a', metric: 'm', signal: 'latency', worse: 'up', values: [1, 2] }],
        }),
      ),
    ],
    true,
  )
  expect(errors[0]).toMatch(/onset\.json: onsetIndex: is 9, but the longest series has 2 values\.$/)
})
