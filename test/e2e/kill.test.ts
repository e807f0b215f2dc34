import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fault } from '../../sandbox/slack/faults.ts'
import type { Message } from '../../sandbox/slack/state.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import { IncidentEvent } from '../../src/incident/event.ts'
import { evolve } from '../../src/incident/evolve.ts'
import { type Incident, initial } from '../../src/incident/incident.ts'
import { sentenceOf } from '../../src/incident/sentence.ts'
import { people, serve, startWorld, until, type World } from './stack.ts'

/** MUSTER_KILL_SEED repeats a run, as far as two processes can be made to repeat anything; MUSTER_KILL_SECONDS lengthens it. */
const KILL_FOR_MS = Number(process.env.MUSTER_KILL_SECONDS ?? 60) * 1000
const INCIDENTS_AT_ONCE = 2
const seed = Number(process.env.MUSTER_KILL_SEED ?? Date.now() % 1_000_000)

/** mulberry32: small, and the same everywhere. */
const randomFrom = (start: number) => {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What somebody typed, and whether Slack was told that it arrived. */
type Attempted = { text: string; acknowledged: boolean; types: string[] }

let world: World
let environment: Record<string, string>
beforeAll(async () => {
  world = await startWorld({
    file: { services: { till: { name: 'Till', pagerdutyService: 'PSVCPAY', pageOnDeclare: true } } },
  })
  environment = { ...world.environment, MUSTER_CONFIG: await world.writeSettings() }
})
afterAll(() => world.stop())

test(`killed at any moment, nothing is lost and nothing happens twice (seed ${seed})`, {
  timeout: 240_000,
}, async () => {
  console.log(`MUSTER_KILL_SEED=${seed}`)
  const random = randomFrom(seed)
  const { slack } = world.sandbox
  const attempted: Attempted[] = []
  const answered: string[] = []
  const ends = Date.now() + KILL_FOR_MS
  let kills = 0
  let over = false
  let muster = serve(environment)

  const ready = () =>
    until(
      'Muster to start',
      () =>
        fetch(`${world.musterUrl}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        ),
      30_000,
    )

  /** Kills and restarts for as long as the stories go on. */
  const killing = (async () => {
    while (Date.now() < ends) {
      await ready()
      await sleep(random() * 1_200)
      await muster.kill()
      kills++
      muster = serve(environment)
    }
    over = true
  })()

  /** Things that go wrong at Slack meanwhile. */
  const troubling = (async () => {
    while (!over) {
      const methods = ['chat.postMessage', 'conversations.create', 'pins.add', 'bookmarks.add', 'conversations.invite']
      const method = methods[Math.floor(random() * methods.length)] as string
      const faults: Fault[] = [
        { kind: 'cut', method, when: 'after' },
        { kind: 'cut', method, when: 'before' },
        { kind: 'status', method, status: 503 },
        { kind: 'rate_limit', method, retryAfterS: 1 },
      ]
      slack.faults.add(faults[Math.floor(random() * faults.length)] as Fault)
      await sleep(1_000 + random() * 1_500)
    }
  })()

  /** Says something until Slack has the acknowledgement; every attempt is told apart by its words. */
  const retryWhileUnavailable = async (
    types: string[],
    as: string,
    channel: string,
    line: (mark: string) => string,
    name: string,
  ) => {
    for (let attempt = 1; ; attempt++) {
      const text = `${name}-${attempt}`
      const result = await world.command(as, channel, line(text))
      attempted.push({ text, acknowledged: result.ok, types })
      if (result.ok) return
      await sleep(100)
    }
  }

  const story = async (number: number) => {
    const name = `story ${number}`
    await until(
      `the webhook of ${name} to be taken`,
      async () => {
        const answer = await world.alertmanager({ name, service: `service-${number}` }).catch(() => undefined)
        return answer?.ok
      },
      60_000,
    )
    answered.push(name)
    const channel = await until(
      `the channel of ${name}`,
      // Pinned: from here on Muster knows it as the incident's, and commands in it are not refused.
      () => world.channels().find(({ name: found, pins }) => found.endsWith(`-story-${number}`) && pins.length > 0),
      60_000,
    )
    const say = (type: string, as: string, line: (mark: string) => string) =>
      retryWhileUnavailable([type], as, channel.id, line, `s${number}-${type}`)
    await say('noted', people.dana, (mark) => `note ${mark}`)
    await world.command(people.dana, channel.id, 'assign commander me')
    await say('update_posted', people.robin, (mark) => `update ${mark}`)
    await world.command(people.robin, channel.id, 'evidence')
    await say('action_added', people.mei, (mark) => `action ${mark}`)
    // An attempt may have been written before the kill: the next one finds it resolved, and its words become a note.
    await retryWhileUnavailable(
      ['status_changed', 'noted'],
      people.dana,
      channel.id,
      (mark) => `resolve ${mark}`,
      `s${number}-resolved`,
    )
  }

  let declared = 0
  const telling = Array.from({ length: INCIDENTS_AT_ONCE }, async () => {
    while (!over) await story(++declared)
  })
  /** Declared by a person, for a service whose on-call is paged. */
  const declaring = retryWhileUnavailable(
    ['declared'],
    people.sam,
    world.channelNamed('general')!.id,
    (mark) => `declare till ${mark}`,
    'declared',
  )

  await Promise.all([killing, troubling, ...telling, declaring])
  slack.faults.clear()
  const path = world.environment.DATABASE_URL!.slice('sqlite:'.length)
  const database = new Sqlite(path, { readonly: true })
  try {
    await until(
      'everything to be done',
      // A page that nobody answers is watched for as long as it is open, and suspects are ranked again minutes later.
      () => {
        const left =
          "select count(*) as n from outbox where effect not like '%watch_page%' and effect not like '%rank_suspects%'"
        return (database.prepare(left).get() as { n: number }).n === 0
      },
      60_000,
    )
  } catch (error) {
    console.log(database.prepare('select id, effect, state, attempts, last_error from outbox').all(), muster.stderr())
    throw error
  }
  await muster.terminate()
  console.log(`${kills} kills, ${declared} incidents`)

  const rows = database.prepare('select incident, seq, data from events order by incident, seq').all() as {
    incident: string
    seq: number
    data: string
  }[]
  const logs = new Map<string, (IncidentEvent & { seq: number })[]>()
  for (const { incident, seq, data } of rows)
    logs.set(incident, [...(logs.get(incident) ?? []), { ...IncidentEvent.parse(JSON.parse(data)), seq }])
  const all = [...logs.values()].flat()
  database.close()

  // What was promised is there, once; what was not may be there, once.
  for (const name of answered)
    expect(
      all.filter((event) => event.type === 'declared' && event.title === name),
      name,
    ).toHaveLength(1)
  for (const { text, acknowledged, types } of attempted) {
    const found = all.filter((event) => types.includes(event.type) && JSON.stringify(event).includes(`${text}"`)).length
    expect(found, `${types} ${text}`).toBeLessThanOrEqual(1)
    if (acknowledged) expect(found, `${types} ${text} was acknowledged`).toBe(1)
  }

  // Nothing was given up.
  expect(all.filter(({ type }) => type === 'effect_failed')).toEqual([])

  // Every message of ours is there once.
  const messages = world.messages()
  const ours = messages.filter(({ metadata }) => metadata?.event_type === 'muster_effect')
  const marks = ours.map(({ metadata }) => JSON.stringify(metadata!.event_payload))
  expect(marks.filter((mark, i) => marks.indexOf(mark) !== i)).toEqual([])

  for (const [id, events] of logs) {
    const channels = world.channels().filter(({ name }) => name.startsWith(`${id.toLowerCase()}-`))
    expect(channels, `channels of ${id}`).toHaveLength(1)
    const [channel] = channels
    expect(channel!.pins, `pins of ${id}`).toHaveLength(1)
    expect(new Set(channel!.bookmarks.map(({ link }) => link)).size, `bookmarks of ${id}`).toBe(
      channel!.bookmarks.length,
    )
    expect(missing(id, events, ours), `messages of ${id}`).toEqual([])
    for (const type of ['channel_opened', 'postmortem_drafted'] as const)
      if (
        events.some((event) => event.type === 'status_changed' && event.status === 'resolved') ||
        type === 'channel_opened'
      )
        expect(
          events.filter((event) => event.type === type),
          `${type} of ${id}`,
        ).toHaveLength(1)
  }

  // One page for each incident that pages.
  const paged = [...logs.values()].flat().filter((event) => event.type === 'declared' && event.service === 'till')
  expect(world.sandbox.pagerduty.state().incidents).toHaveLength(paged.length)
  expect(kills).toBeGreaterThan(0)
})

/** The messages that the log of an incident calls for and nobody posted. */
const missing = (id: string, events: (IncidentEvent & { seq: number })[], posted: Message[]): string[] => {
  let incident: Incident = initial(id)
  const wanted: string[] = []
  for (const event of events) {
    incident = evolve(incident, event)
    effectsOf(event, incident).forEach((effect, position) => {
      const mark = `${id}/${event.seq}/${position}`
      const isMessage = ['post_summary', 'announce', 'share_postmortem'].includes(effect.type)
      const isTold = effect.type === 'tell' && incident.channel && sentenceOf(event)
      if (isMessage || isTold) wanted.push(mark)
    })
  }
  return wanted.filter((mark) => !posted.some(({ metadata }) => metadata!.event_payload.effect === mark))
}
