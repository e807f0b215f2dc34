import { expect, test } from 'vitest'
import { serve, startWorld, until } from './stack.ts'

/** Nobody listens there. */
const NO_SLACK = 'http://127.0.0.1:1/api/'

test('shuts down cleanly while still waiting for Slack, with alerts already being accepted', async () => {
  const world = await startWorld({ env: { SLACK_API_URL: NO_SLACK } })
  const muster = serve({ ...world.environment, MUSTER_CONFIG: await world.writeSettings() })
  try {
    await until('its health', () =>
      fetch(`${world.musterUrl}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    // A signal that nobody handles ends the process with no code at all.
    expect(await muster.terminate()).toBe(0)
  } finally {
    if (muster.running()) await muster.kill()
    await world.stop()
  }
}, 60_000)
