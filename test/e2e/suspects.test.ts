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
    for (const r of rankings)
      console.log(
        r.trigger,
        (r.at % 3600000) / 60000,
        r.label,
        JSON.stringify(r.suspects.map((s) => [s.service, s.score, s.signals[0]?.text])),
        r.problems,
        r.facts.length,
      )
    console.log(texts)
    expect(leadOf(rankings.at(-1)!)?.service).toBe('mysql')
  })
})
