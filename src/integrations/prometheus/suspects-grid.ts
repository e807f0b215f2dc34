import type { Look } from './suspects-ask.ts'

/** What the data are like: where they begin, how often something is scraped. */
export type DataShape = {
  /** Epoch ms: the start of the lookback, or where the data begin when that is later. */
  from: number
  /** Between two points of what is asked. */
  stepSeconds: number
  /** The range of rates: four scrapes, so that a failed one still leaves a value. */
  window: string
}

/** Steps that Prometheus's own page uses, seconds. */
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600]
/** Prometheus' usual interval is 15 s to a minute; when unknown, rates must still have two samples. */
const USUAL_SCRAPE_SECONDS = 30
const LEAST_WINDOW_SECONDS = 20
/** Points of a whole lookback: more would improve nothing and load Prometheus. */
const MOST_POINTS = 240
const SCRAPES_OF = 'up'
const MINUTES = 5

/** Reads off `up`, which every scrape leaves, how often Prometheus scrapes and since when. */
export const dataOf = async (look: Look, { from, to }: { from: number; to: number }): Promise<DataShape> => {
  const query = `quantile(0.5, count_over_time(${SCRAPES_OF}[${MINUTES}m]))`
  const [line] = (await look.range(query, { from, to, stepSeconds: stepFor((to - from) / 60_000) })) ?? []
  const values = line?.line.values ?? []
  const counted = values.findLast((value) => value !== null)
  const first = values.findIndex((value) => value !== null)
  const begins = line && first > 0 ? line.line.start + first * line.line.stepSeconds * 1000 : from
  // Young data have had fewer scrapes than fit into five minutes.
  const seconds = Math.min(MINUTES * 60, Math.max(1, (to - begins) / 1000))
  const scrape = counted ? Math.max(1, seconds / counted) : USUAL_SCRAPE_SECONDS
  const stepSeconds = stepFor(Math.max(scrape, (to - begins) / 1000 / MOST_POINTS))
  const window = Math.max(LEAST_WINDOW_SECONDS, Math.ceil(4 * scrape), stepSeconds)
  return { from: begins, stepSeconds, window: `${window}s` }
}

const stepFor = (seconds: number): number =>
  STEPS.find((step) => step >= seconds * 0.95) ?? Math.ceil(seconds / 600) * 600
