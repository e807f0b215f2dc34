import { describe, expect, test } from 'vitest'
import { leadOf } from '../../src/incident/ranking.ts'
import { startSandboxed } from './sandboxed.ts'

/** What CloudWatch raises names no severity; with nobody there to say so, it opens an incident all the same. */
const file = { opening: [{ source: 'cloudwatch', do: 'open', as: 'sev2' }] }

/** Plays a story with nobody typing, and tells every ranking Muster made of its incident. */
const playAlone = async (id: string) => {
  const stage = await startSandboxed({ file, startAt: Date.now() + 2 * 86_400_000 })
  const { sandbox, muster, settled } = stage
  const player = sandbox.play(id, settled, undefined, { alone: true, catchUp: muster.catchUp })
  player.setSpeed(0)
  player.play()
  await player.finished
  await settled()
  const events = await muster.store.events('INC-1')
  const rankings = events.flatMap((event) => (event.type === 'suspects_ranked' ? [event] : []))
  const texts = sandbox.slack
    .dump()
    .messages.filter(({ threadTs }) => threadTs !== undefined)
    .map(({ text }) => text)
  return { stage, rankings, opened: events[0]?.at ?? 0, texts }
}

describe('a night where nobody types', () => {
  test('collapsing connections: the database is named', { timeout: 120_000 }, async () => {
    const { stage, rankings, texts } = await playAlone('connection-collapse')
    await using _ = stage
    // At the opening, and after 1, 2, 5 and 10 minutes; once more when an alert joins.
    expect(rankings.map(({ trigger }) => trigger).sort()).toEqual(['alert', ...new Array(4).fill('later'), 'opening'])
    for (const ranking of rankings) {
      expect(leadOf(ranking)).toMatchObject({ service: 'mysql', label: 'likely' })
      expect(ranking.suspects[0]?.signals.map(({ text }) => text).join()).toMatch(/Open connections .* \(limit 648\)/)
    }
    expect(texts.filter((text) => text.includes('Likely'))).toHaveLength(1)
  })
})
