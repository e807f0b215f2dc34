import { parseArgs } from 'node:util'
import { startCluster } from '../../test/global-setup.ts'
import { soak } from './soak.ts'

/** `npm run soak -- --minutes 30 [--database sqlite]`: two replicas on PostgreSQL, or one process on SQLite. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, database: { type: 'string', default: 'postgres' } },
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error('--minutes wants a number above 0.')
if (values.database !== 'postgres' && values.database !== 'sqlite') throw new Error('--database is postgres or sqlite.')

/** The first few of them, behind a count. */
const list = (items: readonly string[]): string => (items.length > 0 ? `: ${items.slice(0, 10).join('; ')}` : '')

const cluster = values.database === 'postgres' ? await startCluster() : undefined
try {
  const result = await soak({
    durationMs: minutes * 60_000,
    ...(cluster ? { postgresUrl: await cluster.newDatabase() } : {}),
    report: (line) => console.log(line),
  })
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const { outages } = result
  console.table(
    outages.map(({ fault, callsAMinute, settledAfterMs }) => ({
      fault,
      'calls a minute while ill': callsAMinute,
      'all there after': seconds(settledAfterMs),
    })),
  )
  console.log(`replicas           ${result.replicas} on ${values.database}
kills              ${result.kills}
accepted           ${result.accepted}
lost               ${result.lost.length}${list(result.lost)}
doubled            ${result.doubled.length}${list(result.doubled)}
given up           ${result.failed.length}${list(result.failed)}
slowest settling   ${seconds(Math.max(0, ...outages.map(({ settledAfterMs }) => settledAfterMs)))}
most calls to a sick Slack  ${Math.max(0, ...outages.map(({ callsAMinute }) => callsAMinute))} a minute
drained after      ${seconds(result.drainedAfterMs)}, ${result.pending} left
peak memory        ${result.peakMegabytes} MB`)
  if (result.lost.length + result.doubled.length + result.failed.length + result.pending > 0) process.exitCode = 1
} finally {
  await cluster?.stop()
}
