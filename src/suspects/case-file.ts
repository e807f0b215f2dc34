import { z } from 'zod'
import type { RankingInput } from './input.ts'

/** JSON knows no NaN; a missing value is null. */
const Values = z.array(z.number().nullable())

/** One incident on disk, to rank offline and to measure the ranking with. */
export const CaseFile = z.object({
  id: z.string().min(1),
  /** The data set it belongs to. */
  source: z.string().optional(),
  /** For incidents of one's own: the real instants, epoch ms, in place of a grid that begins at 0. */
  clock: z.object({ start: z.number(), since: z.number(), now: z.number() }).optional(),
  stepSeconds: z.number().positive(),
  /** Values before this index are the history, from it on the test window. */
  onsetIndex: z.number().int().min(0),
  alert: z.object({
    /** Empty when nobody knows which service alerts. */
    service: z.string(),
    signal: z.enum(['latency', 'errors', 'traffic', 'saturation']).nullable(),
  }),
  edges: z.array(z.object({ client: z.string(), server: z.string(), rate: Values.optional() })).default([]),
  virtual: z.array(z.string()).default([]),
  declared: z.array(z.string()).optional(),
  created: z.array(z.string()).optional(),
  down: z.array(z.string()).optional(),
  series: z.array(
    z.object({
      service: z.string().min(1),
      metric: z.string(),
      signal: z.enum(['latency', 'errors', 'traffic', 'cpu', 'memory', 'saturation', 'other']),
      worse: z.enum(['up', 'down', 'either']),
      unit: z.string().default(''),
      limit: z.number().optional(),
      values: Values,
      dayBefore: Values.optional(),
    }),
  ),
  edgeGaps: z
    .array(
      z.union([
        z.object({ client: z.string(), server: z.string(), baselineMs: Values, testMs: Values }),
        /** Milliseconds on the grid. */
        z.object({ client: z.string(), server: z.string(), values: Values }),
      ]),
    )
    .default([]),
  /** Minutes before the onset (negative: after it). */
  changes: z
    .array(
      z.object({
        service: z.string(),
        minutesBefore: z.number(),
        title: z.string(),
        kind: z.string().optional(),
        url: z.string().optional(),
      }),
    )
    .default([]),
  /** Only for scoring; the ranking never sees it. */
  truth: z.object({ service: z.string() }).optional(),
})
export type CaseFile = z.infer<typeof CaseFile>

/**
 * A case file as the ranking's input. Without a clock the grid begins at 0.
 */
export const inputOf = (file: CaseFile): RankingInput => {
  const grid = { start: file.clock?.start ?? 0, stepSeconds: file.stepSeconds }
  const step = file.stepSeconds * 1000
  const points = Math.max(0, ...file.series.map(({ values }) => values.length))
  const since = file.clock?.since ?? file.onsetIndex * step
  const toMs = gapUnit(file)
  return {
    alert: { ...file.alert, since },
    now: file.clock?.now ?? Math.max(0, points - 1) * step,
    edges: file.edges.map(({ client, server, rate }) => ({ client, server, rate: rate && { ...grid, values: rate } })),
    series: file.series.map((series) => ({ ...grid, ...series })),
    edgeGaps: file.edgeGaps.map((gap) => {
      const { client, server } = gap
      if ('values' in gap) return { client, server, ...grid, values: gap.values }
      return { client, server, baseline: gap.baselineMs.map(toMs), test: gap.testMs.map(toMs) }
    }),
    virtual: file.virtual,
    declared: file.declared,
    created: file.created,
    down: file.down,
    changes: file.changes.map(({ minutesBefore, ...change }) => ({ ...change, at: since - minutesBefore * 60_000 })),
  }
}

/** No call over a network loses less than this between client and server, ms. */
const LEAST_MS = 0.05

/**
 * Some recorded gaps are seconds although their field says Ms. They are when the median gap of a whole case is below
 * what any network can achieve.
 */
const gapUnit = ({ edgeGaps }: CaseFile): ((value: number | null) => number | null) => {
  const recorded = edgeGaps.flatMap((gap) => ('baselineMs' in gap ? gap.baselineMs : []))
  const all = recorded.filter((value) => value !== null).sort((a, b) => a - b)
  const middle = all[Math.floor(all.length / 2)]
  const factor = middle !== undefined && middle > 0 && middle < LEAST_MS ? 1000 : 1
  return (value) => (value === null ? null : value * factor)
}

/** A case from its text, or one sentence saying what is wrong with it and where. */
export const readCase = (text: string): CaseFile | string => {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    return `is not JSON: ${(error as SyntaxError).message}.`
  }
  const result = CaseFile.safeParse(body)
  if (result.success) return beyondValues(result.data) ?? result.data
  const [issue] = result.error.issues
  const more = result.error.issues.length - 1
  const where = issue && issue.path.length > 0 ? z.core.toDotPath(issue.path) : 'the file'
  return `${where}: ${issue?.message}${more > 0 ? ` (and ${more} more)` : ''}.`
}

/** An onset after the last value leaves nothing to compare. */
const beyondValues = ({ onsetIndex, series }: CaseFile): string | undefined => {
  const longest = Math.max(0, ...series.map(({ values }) => values.length))
  if (series.length === 0 || onsetIndex < longest) return undefined
  return `onsetIndex: is ${onsetIndex}, but the longest series has ${longest} values.`
}
