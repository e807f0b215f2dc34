import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type CaseFile, inputOf } from '../src/suspects/case-file.ts'
import type { RankingInput } from '../src/suspects/input.ts'
import { rankSuspects } from '../src/suspects/rank.ts'
import { ablations, tuningOf } from './suspects/ablations.ts'
import { type Method, nSigma, robustScorer } from './suspects/baselines.ts'
import { CASES_FOLDER, late, quietWindows, readCases, whereCasesComeFrom } from './suspects/cases.ts'
import { type Accuracy, accuracyOf, positionOf, timed } from './suspects/measures.ts'
import { largeInput } from './suspects/synthetic.ts'

export type SuspectsBenchOptions = {
  /** Folder of case files; without one only the time is measured. */
  cases?: string | undefined
  /** Where the figures go. */
  out?: string
  write?: (line: string) => void
}

/** Seconds by which alerts are moved. */
const LATE = [0, 60, 120]

/** Measures the suspect ranking: accuracy beside two published methods, labels, quiet windows, late alerts, ablations, time. */
export const run = ({
  cases = process.env[CASES_FOLDER],
  out = 'bench/results/suspects.json',
  write = console.log,
}: SuspectsBenchOptions = {}): void => {
  const figures: Record<string, unknown> = { time: times(write) }
  if (cases) {
    const sets = Map.groupBy(readCases(cases), ({ source, id }) => source ?? (id.split('/')[0] as string))
    figures.accuracy = accuracy(sets, write)
    figures.labels = labels(sets, write)
    figures.ablations = ablated(sets, write)
  } else {
    write(`No recorded cases: accuracy was not measured. ${whereCasesComeFrom}`)
  }
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify(figures, null, 2)}\n`)
  write(`Written to ${out}`)
}

type Sets = Map<string, CaseFile[]>

const ranked: Method = (input) => rankSuspects(input).suspects.map(({ service }) => service)

const measure = (
  files: readonly CaseFile[],
  method: Method,
  inputFor: (file: CaseFile) => RankingInput = inputOf,
): Accuracy =>
  accuracyOf(files.filter(({ truth }) => truth).map((file) => positionOf(method(inputFor(file)), file.truth!.service)))

const row = (name: string, { cases, ac1, ac3, ac5, avg5 }: Accuracy): string =>
  `  ${name.padEnd(30)} ${String(cases).padStart(5)}  ${[ac1, ac3, ac5, avg5].map((x) => x.toFixed(2)).join('  ')}`

const HEAD = `  ${''.padEnd(30)} cases  AC@1  AC@3  AC@5  Avg@5`

const accuracy = (sets: Sets, write: (line: string) => void) =>
  Object.fromEntries(
    [...sets].map(([name, files]) => {
      write(`\n${name}\n${HEAD}`)
      const lines: [string, Accuracy][] = [
        ['N-sigma', measure(files, nSigma)],
        ['BARO RobustScorer', measure(files, robustScorer)],
        ...LATE.map((seconds): [string, Accuracy] => [
          seconds === 0 ? 'this ranking' : `this ranking, ${seconds} s late`,
          measure(files, ranked, (file) => late(file, seconds)),
        ]),
      ]
      for (const [method, figure] of lines) write(row(method, figure))
      return [name, Object.fromEntries(lines)]
    }),
  )

/** How far "likely" can be trusted: right when said, how often said, and how often said when nothing was wrong. */
const labels = (sets: Sets, write: (line: string) => void) => {
  const all = [...sets.values()].flat()
  const said = all
    .filter(({ truth }) => truth)
    .map((file) => ({ truth: file.truth!.service, ranking: rankSuspects(inputOf(file)) }))
  const likely = said.filter(({ ranking }) => ranking.label === 'likely')
  const right = likely.filter(({ truth, ranking }) => ranking.suspects[0]?.service === truth)
  const quiet = all.flatMap(quietWindows).map((input) => rankSuspects(input).label)
  const figures = {
    cases: said.length,
    precisionOfLikely: right.length / likely.length,
    coverageOfLikely: likely.length / said.length,
    quietWindows: quiet.length,
    quietLikely: quiet.filter((label) => label === 'likely').length / quiet.length,
  }
  write(
    `\nLabels\n  ${Object.entries(figures)
      .map(([key, value]) => `${key} ${Number(value.toFixed(3))}`)
      .join(', ')}`,
  )
  return figures
}

const ablated = (sets: Sets, write: (line: string) => void) =>
  Object.fromEntries(
    ablations.map((ablation) => {
      const method: Method = (input) =>
        rankSuspects(ablation.input?.(input) ?? input, tuningOf(ablation)).suspects.map(({ service }) => service)
      const figures = [...sets].map(([name, files]): [string, Accuracy] => [name, measure(files, method)])
      write(`\n${ablation.name}\n${HEAD}`)
      for (const [name, figure] of figures) write(row(name, figure))
      const lateFigures = [...sets].map(([name, files]): [string, Accuracy] => [
        `${name}, 120 s late`,
        measure(files, method, (file) => late(file, 120)),
      ])
      for (const [name, figure] of lateFigures) write(row(name, figure))
      return [ablation.name, Object.fromEntries([...figures, ...lateFigures])]
    }),
  )

const times = (write: (line: string) => void) => {
  const input = largeInput(200, 240)
  const figures = timed(100, () => rankSuspects(input))
  write(`1,000 series x 240 points: median ${figures.median.toFixed(1)} ms, p95 ${figures.p95.toFixed(1)} ms`)
  return figures
}

if (import.meta.main) run()
