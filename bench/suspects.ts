import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type CaseFile, inputOf } from '../src/suspects/case-file.ts'
import type { RankingInput } from '../src/suspects/input.ts'
import { rankSuspects } from '../src/suspects/rank.ts'
import { ablations, tuningOf } from './suspects/ablations.ts'
import { type Method, nSigma, robustScorer } from './suspects/baselines.ts'
import { CASES_FOLDER, late, quietWindows, readCases, whereCasesComeFrom } from './suspects/cases.ts'
import { injections } from './suspects/injection.ts'
import { falseAlarms, type Trust, trustOf } from './suspects/labels.ts'
import { type Accuracy, accuracyOf, positionOf, timed } from './suspects/measures.ts'
import { FAULTS, simulate } from './suspects/simulation.ts'
import { largeInput } from './suspects/synthetic.ts'

export type SuspectsBenchOptions = {
  /** Folder of case files; without one only simulated shops are ranked. */
  cases?: string | undefined
  /** Where the figures go. */
  out?: string
  write?: (line: string) => void
}

/** One incident with a known cause, with the alert delayed by the given seconds. */
type Known = { truth: string; input: (lateSeconds: number) => RankingInput }

/** Seconds by which alerts are moved. */
const LATE = [0, 60, 120]
/** Simulated shops per kind of fault. */
const SHOPS = 25

/** Measures the suspect ranking: accuracy beside two published methods, labels, quiet windows, late alerts, ablations, time. */
export const run = ({
  cases = process.env[CASES_FOLDER],
  out = 'bench/results/suspects.json',
  write = console.log,
}: SuspectsBenchOptions = {}): void => {
  const files = cases ? readCases(cases) : []
  if (!cases) write(`No recorded cases. ${whereCasesComeFrom}\n`)
  const sets = new Map([...recorded(files), ...injected(files), ...simulated()])
  const figures = {
    time: times(files, write),
    accuracy: accuracy(sets, write),
    labels: labels(sets, files, write),
    ablations: ablated(sets, write),
  }
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify(figures, rounded, 2)}\n`)
  write(`\nWritten to ${out}`)
}

const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)

const recorded = (files: readonly CaseFile[]): Map<string, Known[]> => {
  const known = (file: CaseFile): Known[] =>
    file.truth ? [{ truth: file.truth.service, input: (seconds) => late(file, seconds) }] : []
  const bySource = Map.groupBy(files, ({ source, id }) => source ?? id.split('/')[0] ?? id)
  return new Map([...bySource].map(([source, group]) => [source, group.flatMap(known)]))
}

/** Faults put into the quiet past of the first incident of each system; percentages are needed to know what callers feel. */
const injected = (files: readonly CaseFile[]): [string, Known[]][] => {
  const suitable = files.filter(
    ({ id, series }) => id.endsWith('issue_0') && series.some(({ unit }) => unit === 'percent_ok'),
  )
  const known = suitable.flatMap(injections).map(({ input, truth }): Known => ({ truth, input: delayed(input) }))
  return known.length === 0 ? [] : [['injected', known]]
}

/** The same input with its alert some seconds later, in whole steps. */
const delayed =
  (input: RankingInput) =>
  (seconds: number): RankingInput => {
    const step = Math.max(1, ...input.series.map(({ stepSeconds }) => stepSeconds))
    const since = input.alert.since + Math.ceil(seconds / step) * step * 1000
    return { ...input, alert: { ...input.alert, since } }
  }

const simulated = (): [string, Known[]][] =>
  [true, false].map((graph) => [
    graph ? 'simulated' : 'simulated, no graph',
    FAULTS.flatMap((fault, f) =>
      Array.from({ length: SHOPS }, (_, i): Known => {
        const { input, truth } = simulate({ seed: 1000 * f + i, fault, graph })
        return { truth, input: delayed(input) }
      }),
    ),
  ])

type Sets = ReadonlyMap<string, Known[]>

const ranked: Method = (input) => rankSuspects(input).suspects.map(({ service }) => service)

const measure = (known: readonly Known[], method: Method, seconds = 0): Accuracy =>
  accuracyOf(known.map(({ truth, input }) => positionOf(method(input(seconds)), truth)))

const row = (name: string, { cases, ac1, ac3, ac5, avg5 }: Accuracy): string =>
  `  ${name.padEnd(32)} ${String(cases).padStart(5)}  ${[ac1, ac3, ac5, avg5].map((x) => x.toFixed(2)).join('  ')}`

const HEAD = `  ${''.padEnd(32)} cases  AC@1  AC@3  AC@5  Avg@5`

const accuracy = (sets: Sets, write: (line: string) => void) => {
  const figures: Record<string, Record<string, Accuracy>> = {}
  for (const [name, known] of sets) {
    write(`\n${name}\n${HEAD}`)
    const lines: [string, Accuracy][] = [
      ['N-sigma', measure(known, nSigma)],
      ['BARO RobustScorer', measure(known, robustScorer)],
      ...LATE.map((seconds): [string, Accuracy] => [
        `this ranking, ${seconds} s late`,
        measure(known, ranked, seconds),
      ]),
    ]
    for (const [method, figure] of lines) write(row(method, figure))
    figures[name] = Object.fromEntries(lines)
  }
  return figures
}

const trustText = (name: string, trust: Trust): string => {
  const said = (['likely', 'possible', 'no clear suspect'] as const).map(
    (label) => `${label} ${trust[label].right} right of ${trust[label].said}`,
  )
  return `  ${name.padEnd(32)} ${said.join(', ')}`
}

const labels = (sets: Sets, files: readonly CaseFile[], write: (line: string) => void) => {
  write('\nLabels')
  const trust = [...sets].map(([name, known]): [string, Trust] => [
    name,
    trustOf(known.map(({ truth, input }) => ({ truth, input: input(0) }))),
  ])
  for (const [name, figure] of trust) write(trustText(name, figure))
  const quiet = {
    recorded: falseAlarms(files.flatMap(quietWindows)),
    simulated: falseAlarms(
      Array.from(
        { length: 4 * SHOPS },
        (_, i) => simulate({ seed: 9000 + i, fault: 'none', graph: i % 2 === 0 }).input,
      ),
    ),
  }
  for (const [name, { windows, likely }] of Object.entries(quiet)) {
    write(`  quiet windows, ${name}: likely in ${likely} of ${windows}`)
  }
  return { ...Object.fromEntries(trust), quiet }
}

const ablated = (sets: Sets, write: (line: string) => void) => {
  const names = [...sets.keys()]
  write(`\nAC@1 on time / 120 s late\n  ${''.padEnd(24)}${names.map((name) => name.padStart(20)).join('')}`)
  const figures: Record<string, Record<string, { ac1: number; ac1Late: number; avg5: number }>> = {}
  for (const ablation of ablations) {
    const method: Method = (input) =>
      rankSuspects(ablation.input?.(input) ?? input, tuningOf(ablation)).suspects.map(({ service }) => service)
    const line = [...sets].map(([name, known]) => {
      const onTime = measure(known, method)
      return { name, ac1: onTime.ac1, ac1Late: measure(known, method, 120).ac1, avg5: onTime.avg5 }
    })
    const cells = line.map(({ ac1, ac1Late }) => `${ac1.toFixed(2)} / ${ac1Late.toFixed(2)}`.padStart(20))
    write(`  ${ablation.name.padEnd(24)}${cells.join('')}`)
    figures[ablation.name] = Object.fromEntries(line.map(({ name, ...figure }) => [name, figure]))
  }
  return figures
}

const times = (files: readonly CaseFile[], write: (line: string) => void) => {
  const big = largeInput(200, 240)
  const large = timed(100, () => rankSuspects(big))
  write(`1,000 series x 240 points: median ${large.median.toFixed(1)} ms, p95 ${large.p95.toFixed(1)} ms`)
  const inputs = files.map(inputOf)
  const perCase = inputs.length === 0 ? undefined : timed(10 * inputs.length, pick(inputs))
  if (perCase) write(`a recorded case: median ${perCase.median.toFixed(1)} ms, p95 ${perCase.p95.toFixed(1)} ms`)
  return { large, perCase }
}

/** Ranks the next of the inputs at each call. */
const pick = (inputs: readonly RankingInput[]) => {
  let turn = 0
  return () => rankSuspects(inputs[turn++ % inputs.length] as RankingInput)
}

if (import.meta.main) run()
