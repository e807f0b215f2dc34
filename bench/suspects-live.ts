import { inputOf } from '../src/suspects/case-file.ts'
import { rankSuspects } from '../src/suspects/rank.ts'
import { prometheusInstalled } from '../test/real/prometheus.ts'
import { type Result, rounded, tableOf } from './result.ts'
import { CASES_FOLDER, readCases, whereCasesComeFrom } from './suspects/cases.ts'
import type { Convention } from './suspects-live/case-metrics.ts'
import { rankLive } from './suspects-live/live.ts'
import { scale } from './suspects-live/scale.ts'

const CONVENTIONS: readonly Convention[] = ['Istio', 'OpenTelemetry']
/** Only every n-th of the cases, for a quick run: `SUSPECTS_LIVE_EVERY=6`. */
const EVERY = 'SUSPECTS_LIVE_EVERY'

/**
 * Is what the channel says what the file says? Every case is loaded into a real Prometheus under the names of a mesh and
 * of OpenTelemetry, and ranked by the live reader; and how long an answer takes with 10, 100 and 1,000 services.
 */
export const run = async (): Promise<Result | undefined> => {
  if (!prometheusInstalled()) {
    console.log('No Prometheus here: install `prometheus` (Debian) for this part.')
    return undefined
  }
  const folder = process.env[CASES_FOLDER]
  if (!folder) console.log(`No recorded cases. ${whereCasesComeFrom}`)
  const every = Number(process.env[EVERY] ?? 1)
  const files = (folder ? readCases(folder) : []).filter((_, i) => i % every === 0)
  const rows: string[][] = []
  const figures: Record<string, unknown> = {}
  for (const convention of CONVENTIONS) {
    const seen: { same: boolean; fileRight: boolean; liveRight: boolean; seconds: number }[] = []
    for (const file of files) {
      const fromFile = rankSuspects(inputOf(file)).suspects[0]?.service
      const { ranking, seconds, problems } = await rankLive(file, convention)
      const live = ranking.suspects[0]?.service
      const truth = file.truth?.service
      seen.push({ same: fromFile === live, fileRight: fromFile === truth, liveRight: live === truth, seconds })
      if (fromFile !== live)
        console.log(
          `  ${convention}, ${file.id}: file says ${fromFile}, live ${live}; it was ${truth}. ${problems.join(' ')}`,
        )
    }
    if (seen.length === 0) continue
    const share = (pick: (one: (typeof seen)[number]) => boolean) => seen.filter(pick).length / seen.length
    const slowest = Math.max(...seen.map(({ seconds }) => seconds))
    const figure = {
      cases: seen.length,
      sameFirst: share(({ same }) => same),
      ac1File: share(({ fileRight }) => fileRight),
      ac1Live: share(({ liveRight }) => liveRight),
      slowestSeconds: rounded(slowest),
    }
    figures[convention] = figure
    rows.push([
      convention,
      String(figure.cases),
      ...[figure.ac1File, figure.ac1Live, figure.sameFirst].map((value) => value.toFixed(2)),
      slowest.toFixed(2),
    ])
  }
  if (rows.length > 0)
    console.log(
      tableOf({ columns: ['convention', 'cases', 'AC@1 file', 'AC@1 live', 'same first', 'slowest s'], rows }),
    )
  const scaled = await scale()
  return {
    name: 'Suspects live',
    about:
      'Seconds from the question to the ranking, beside the time Prometheus itself took for the queries; good: below 15 s.',
    columns: ['services', 'seconds', 'Prometheus', 'queries', 'looked at'],
    rows: scaled.map(({ services, seconds, prometheusSeconds, queried, lookedAt }) => [
      String(services),
      seconds.toFixed(2),
      prometheusSeconds.toFixed(2),
      String(queried),
      String(lookedAt),
    ]),
    figures: { ...figures, scale: scaled },
  }
}
