import { beforeAll, describe, expect, test } from 'vitest'
import { nSigma, robustScorer } from '../../bench/suspects/baselines.ts'
import { CASES_FOLDER, late, quietWindows, readCases, whereCasesComeFrom } from '../../bench/suspects/cases.ts'
import { falseAlarms, trustOf } from '../../bench/suspects/labels.ts'
import { accuracyOf, positionOf } from '../../bench/suspects/measures.ts'
import { FAULTS, simulate } from '../../bench/suspects/simulation.ts'
import type { CaseFile } from '../../src/suspects/case-file.ts'
import type { RankingInput } from '../../src/suspects/input.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'

const names = (input: RankingInput) => rankSuspects(input).suspects.map(({ service }) => service)

const folder = process.env[CASES_FOLDER]

test('requires the folder of recorded cases when MUSTER_REQUIRE_ALL is set', () => {
  if (folder) return
  console.log(`Recorded cases were not ranked. ${whereCasesComeFrom}`)
  expect(process.env.MUSTER_REQUIRE_ALL, `${CASES_FOLDER} is not set. ${whereCasesComeFrom}`).not.toBe('1')
})

describe.skipIf(!folder)('on recorded incidents', () => {
  let files: CaseFile[]
  beforeAll(() => {
    files = readCases(folder ?? '')
  })

  /** Cases whose cause is known, by their data set. */
  const of = (source: string) => files.filter((file) => file.source === source && file.truth)

  const accuracy = (cases: CaseFile[], seconds = 0, method = names) =>
    accuracyOf(cases.map((file) => positionOf(method(late(file, seconds)), file.truth?.service ?? '')))

  test.each([0, 60, 120])('finds the cause in PetShop with the alert %d s late', (seconds) => {
    const { ac1, ac3 } = accuracy(of('PetShop'), seconds)
    expect(ac1).toBeGreaterThanOrEqual(0.85)
    expect(ac3).toBeGreaterThanOrEqual(0.95)
  })

  test.each([0, 60, 120])('finds the cause in the Online Boutique with the alert %d s late', (seconds) => {
    expect(accuracy(of('NezhaOB'), seconds).ac1).toBeGreaterThanOrEqual(0.6)
  })

  test('finds more causes than ranking by the largest deviation', () => {
    for (const method of [nSigma, robustScorer]) {
      for (const source of ['PetShop', 'NezhaOB']) {
        expect(accuracy(of(source)).avg5).toBeGreaterThan(accuracy(of(source), 0, method).avg5)
      }
    }
  })

  test('is right nine times out of ten when it says "likely", which is more often than not', () => {
    const known = files.flatMap((file) => (file.truth ? [{ input: late(file, 0), truth: file.truth.service }] : []))
    const { likely, cases } = trustOf(known)
    expect(likely.right / likely.said).toBeGreaterThanOrEqual(0.9)
    expect(likely.said / cases).toBeGreaterThanOrEqual(0.6)
  })

  test('names nobody as likely in 97 of 100 quiet windows', () => {
    const { windows, likely } = falseAlarms(files.flatMap(quietWindows))
    expect(likely / windows).toBeLessThanOrEqual(0.03)
  })
})

describe('in simulated shops', () => {
  const shops = (graph: boolean) =>
    FAULTS.flatMap((fault, f) => Array.from({ length: 6 }, (_, i) => simulate({ seed: 1000 * f + i, fault, graph })))

  /** The same shop of whose calls only every third is known. */
  const sparse = (input: RankingInput): RankingInput => ({ ...input, edges: input.edges.filter((_, i) => i % 3 === 0) })

  test.each([
    ['the whole graph', true, (input: RankingInput) => input],
    ['a third of the graph', true, sparse],
    ['no graph', false, (input: RankingInput) => input],
  ] as const)('finds the cause with %s', (_, graph, known) => {
    const positions = shops(graph).map(({ input, truth }) => positionOf(names(known(input)), truth))
    expect(accuracyOf(positions).avg5).toBeGreaterThanOrEqual(0.9)
  })

  test('says "likely" only of the cause, and of nobody on quiet days', () => {
    const { likely } = trustOf(shops(true))
    expect(likely.said).toBeGreaterThan(5)
    expect(likely.right).toBe(likely.said)
    const quiet = Array.from({ length: 20 }, (_, i) => simulate({ seed: 9000 + i, fault: 'none', graph: true }).input)
    expect(falseAlarms(quiet).likely).toBe(0)
  })
})
