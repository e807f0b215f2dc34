import { describe, expect, test } from 'vitest'
import { declare, nameCause } from '../../src/incident/decide.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { evolve } from '../../src/incident/evolve.ts'
import type { RankingFound } from '../../src/incident/ranking.ts'
import type { Muster } from '../../src/muster.ts'
import { startSandboxed } from './sandboxed.ts'
import { textOf } from './stack.ts'

/** What CloudWatch raises names no severity; with nobody there to say so, it opens an incident all the same. */
const file = {
  opening: [{ source: 'cloudwatch', do: 'open', as: 'sev2' }],
  // Prometheus, Slack and Muster share this test's one thread.
  evidence: { timeoutSeconds: 25 },
}

type GraphImage = { alt_text: string; slack_file: { id: string } }

/** Plays a story with nobody typing, and returns every ranking of its incident and what is in the summary's thread. */
const playAlone = async (id: string, before: (muster: Muster) => Promise<void> = async () => {}, number = 1) => {
  await using stage = await startSandboxed({ file, startAt: Date.now() + 2 * 86_400_000 })
  const { sandbox, muster, settled } = stage
  const name = `INC-${number}`
  await before(muster)
  const player = sandbox.play(id, settled, undefined, { alone: true, catchUp: muster.catchUp })
  player.setSpeed(0)
  player.play()
  await player.finished
  await settled()
  const incident = await muster.store.read(name)
  const events = await muster.store.events(name)
  const rankings = events.flatMap((event) => (event.type === 'suspects_ranked' ? [event] : []))
  // On a busy machine the stand-in may be late, which proves nothing about what it showed.
  const answered = rankings.filter(({ problems }) => problems.length === 0)
  const messages = sandbox.slack.dump().messages
  const inThread = messages.filter(({ threadTs }) => threadTs !== undefined).map(({ text }) => text)
  const summary = messages.find(({ ts }) => ts === incident?.messages.summary?.ts)
  const frozen = await muster.store.frozenCase(rankings[0]?.case ?? '')
  const graphs = messages
    .filter(({ threadTs }) => threadTs === incident?.messages.summary?.ts)
    .flatMap(({ blocks = [] }) => blocks.filter(({ type }) => type === 'image'))
    .filter(({ title }) => (title as { text: string } | undefined)?.text.startsWith('Who calls whom'))
    .map((block) => block as unknown as GraphImage)
  const pictureOf = async ({ slack_file: { id } }: GraphImage) =>
    Buffer.from(await (await fetch(`${sandbox.slack.url}/sandbox/files/${id}`)).arrayBuffer())
  const pictures = await Promise.all(graphs.map(pictureOf))
  const postmortem = await muster.postmortems.html(name)
  return {
    incident,
    rankings,
    answered,
    inThread,
    summary: JSON.stringify(summary?.blocks),
    frozen,
    graphs,
    pictures,
    postmortem,
    inThreadBlocks: messages
      .filter(({ threadTs }) => threadTs !== undefined)
      .map(textOf)
      .join('\n'),
  }
}

const signals = ({ suspects }: RankingFound) => suspects[0]?.signals.map(({ text }) => text).join('; ')
const names = ({ suspects }: RankingFound) => suspects.map(({ service }) => service)

describe('suspects found without any human input', () => {
  test('connection collapse: the undeclared database', { timeout: 180_000 }, async () => {
    const { rankings, answered, inThread, summary, frozen, graphs, pictures, postmortem } =
      await playAlone('connection-collapse')
    // At the opening, and after 1, 2, 5 and 10 minutes; once more when an alert joins.
    expect(rankings.map(({ trigger }) => trigger).sort()).toEqual(['alert', ...new Array(4).fill('later'), 'opening'])
    expect(answered.length).toBeGreaterThan(0)
    for (const ranking of answered) {
      expect(ranking).toMatchObject({ label: 'likely', suspects: [{ service: 'mysql', label: 'likely' }, {}, {}] })
      expect(signals(ranking)).toMatch(/Open connections \d+ → 648 \(limit 648\)/)
    }
    expect(inThread.filter((text) => text.includes('*Likely* `mysql`'))).toHaveLength(1)
    expect(summary).toContain('*Likely* `mysql`')
    expect(JSON.parse(frozen ?? '{}')).toMatchObject({ alert: { service: 'shipping', signal: 'latency' } })
    // One picture of who calls whom, as long as the same service leads; the postmortem shows it again.
    expect(graphs).toHaveLength(1)
    expect(graphs[0]?.alt_text).toMatch(/mysql: likely cause, Open connections \d+ → 648, not in the catalogue\./)
    expect(graphs[0]?.alt_text).toMatch(/web calls shipping \([\d.]+\/s/)
    expect(pictures[0]?.subarray(1, 4).toString()).toBe('PNG')
    expect(postmortem).toContain('alt="Who calls whom around shipping: ')
  })

  test('quivering queue: the unknown publisher, ahead of the broker', { timeout: 180_000 }, async () => {
    const { answered: rankings, summary, graphs } = await playAlone('quivering-queue')
    expect(names(rankings[0]!).slice(0, 2)).toEqual(['pending-orders-recreation', 'rabbitmq'])
    expect(rankings[0]?.facts).toMatchObject([
      { kind: 'new_caller', client: 'pending-orders-recreation', server: 'rabbitmq', inCatalogue: false },
    ])
    expect(summary).toContain('began to call `rabbitmq`')
    expect(graphs[0]?.alt_text).toContain('pending-orders-recreation began to call rabbitmq')
  })

  test('cache degradation: the cache behind the web tier', { timeout: 180_000 }, async () => {
    const { answered: rankings } = await playAlone('cache-degradation')
    expect(names(rankings[0]!)[0]).toBe('cache')
    expect(rankings.at(-1)).toMatchObject({ suspects: [{ service: 'cache' }, {}, {}] })
    expect(rankings.map(signals).join()).toContain('Cache hits 97 % → 4')
  })

  test('index migration: the database, with the deploy beside it', { timeout: 180_000 }, async () => {
    const { answered: rankings, summary } = await playAlone('index-migration')
    expect(rankings[0]?.suspects[0]).toMatchObject({
      service: 'orders-db',
      change: { title: 'Deployed orders main@b4d1f0a to production', caller: 'orders' },
    })
    expect(summary).toContain('Deployed orders main@b4d1f0a to production')
  })

  test('stampede: the search cluster, and who retries', { timeout: 180_000 }, async () => {
    const { answered: rankings } = await playAlone('stampede')
    expect(rankings[0]).toMatchObject({ label: 'likely', suspects: [{ service: 'search' }, {}] })
    expect(rankings[0]?.facts).toMatchObject([{ client: 'document-worker', server: 'search' }])
  })

  test('"likely" shows its track record in this workspace once there are ten verdicts', {
    timeout: 180_000,
  }, async () => {
    const verdicts = async ({ store }: Muster) => {
      const act = { by: 'U04ROBIN', at: Date.now() }
      for (let i = 1; i <= 11; i++)
        await store.write({
          to: 'new',
          decide: (incident) => {
            const events: IncidentEvent[] = [
              ...declare({ title: `Past ${i}`, severity: 'sev3', status: 'triage' }, act),
              { ...act, type: 'status_changed', status: 'cancelled' },
              { ...act, type: 'suspects_ranked', ...likely },
            ]
            // Two of the eleven were something else.
            return [...events, ...nameCause(events.reduce(evolve, incident), { service: i > 9 ? 'dns' : 'mysql' }, act)]
          },
        })
    }
    const { inThreadBlocks } = await playAlone('connection-collapse', verdicts, 12)
    expect(inThreadBlocks).toContain('"Likely" was right 9 of 11 times here.')
  })
})

const likely: RankingFound = {
  trigger: 'opening',
  label: 'likely',
  facts: [],
  problems: [],
  services: 3,
  leftOut: 0,
  suspects: [{ service: 'mysql', label: 'likely', score: 3, signals: [], explains: [], virtual: false }],
  read: { series: 9, of: 9 },
}
