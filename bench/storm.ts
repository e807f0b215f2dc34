import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playStorm } from './storm/play.ts'

const ALERTS = 10_000
const SERVICES = 200
const CONNECTIONS = 200

/** A data centre goes down: ten thousand alerts at once, with Muster, sender and fake Slack in one process. */
export const run = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-storm-'))
  try {
    const databaseUrl = `sqlite:${join(folder, 'muster.db')}`
    const counts = await playStorm({ alerts: ALERTS, services: SERVICES, connections: CONNECTIONS, databaseUrl })
    const row = (name: string, value: number, digits = 0) => [name, value.toFixed(digits)]
    return {
      name: 'storm',
      about: `${ALERTS} alerts of ${SERVICES} services at once over ${CONNECTIONS} connections. Good: nothing lost, a handful of channels, few Slack calls, health always answered.`,
      columns: ['', 'count'],
      rows: [
        row('deliveries answered 2xx', counts.taken),
        row('answered 503 first', counts.refusals),
        row('alerts with an incident', counts.kept),
        row('alerts in the logs', counts.logged),
        row('incidents', counts.incidents),
        row('held for triage among them', counts.held),
        row('channels', counts.channels),
        row('Slack calls', counts.slackCalls),
        row('health checks', counts.healthAsked),
        row('answered', counts.healthAnswered),
        row('slowest health check, ms', counts.slowestHealthMs),
        row('largest cached incident, characters', counts.largestState),
        row('peak memory, MB', counts.peakMemoryMb),
        row('seconds to send', counts.sendSeconds, 1),
        row('seconds until all was done', counts.settleSeconds, 1),
      ],
      figures: { ...counts },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
