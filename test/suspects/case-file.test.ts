import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type CaseFile, inputOf, readCase } from '../../src/suspects/case-file.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'

const folder = new URL('../fixtures/suspects/', import.meta.url)

const read = (name: string): CaseFile => {
  const file = readCase(readFileSync(new URL(name, folder), 'utf8'))
  if (typeof file === 'string') throw new Error(file)
  return file
}

const causes = readdirSync(folder).flatMap((name) => {
  const truth = read(name).truth?.service
  return truth ? [[name, truth] as const] : []
})

test.each(causes)('names the cause of %s as likely: %s', (name, truth) => {
  const ranking = rankSuspects(inputOf(read(name)))
  expect(ranking.suspects[0]).toMatchObject({ service: truth, label: 'likely' })
})

test("puts changes before the onset on the case's clock", () => {
  const file = read('index-migration.json')
  const [change] = inputOf(file).changes ?? []
  expect(change?.at).toBe(file.onsetIndex * file.stepSeconds * 1000 - 6 * 60_000)
})

test('interprets edge gaps too small for a network as seconds', () => {
  const file = read('quiet.json')
  const gap = (values: number[]) => ({
    ...file,
    edgeGaps: [{ client: 'web', server: 'cart', baselineMs: values, testMs: [] }],
  })
  const baseline = (values: number[]) => inputOf(gap(values)).edgeGaps[0]
  expect(baseline([0.004, 0.007, 0.009])).toMatchObject({ baseline: [4, 7, 9] })
  expect(baseline([4, 7, 9])).toMatchObject({ baseline: [4, 7, 9] })
})

test('never passes the ground truth to the ranking', () => {
  expect(JSON.stringify(inputOf(read('quiet.json')))).not.toContain('truth')
  expect(Object.keys(inputOf(read('connection-collapse.json')))).not.toContain('truth')
})
