import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { playStorm } from '../../bench/storm/play.ts'

const ALERTS = 10_000
/** Five incidents of their own by the budget, and the storm. */
const MOST_INCIDENTS = 6
const MOST_CHANNELS = 5
/** Setting up five channels takes about fifteen calls each; six live messages are edited at most four times a second. */
const MOST_SLACK_CALLS = 1_500
/** What every batch of alerts reads and writes again. */
const MOST_STATE = 16_000

test('ten thousand alerts at once: nothing is lost, few channels are opened, few Slack calls are made, and health responds', {
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-storm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const databaseUrl = `sqlite:${join(folder, 'muster.db')}`
  const counts = await playStorm({ alerts: ALERTS, services: 200, connections: 200, databaseUrl })
  expect(counts).toMatchObject({ taken: ALERTS, kept: ALERTS, logged: ALERTS, held: 1, triageMessages: 1 })
  expect(counts.incidents).toBeLessThanOrEqual(MOST_INCIDENTS)
  expect(counts.channels).toBeLessThanOrEqual(MOST_CHANNELS)
  expect(counts.slackCalls).toBeLessThanOrEqual(MOST_SLACK_CALLS)
  expect(counts.healthAsked).toBeGreaterThan(0)
  expect(counts.healthAnswered).toBe(counts.healthAsked)
  expect(counts.largestState).toBeLessThan(MOST_STATE)
})
