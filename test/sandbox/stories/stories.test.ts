import { beforeAll, describe, expect, test } from 'vitest'
import { createFakePagerDuty, type FakePagerDuty } from '../../../sandbox/pagerduty.ts'
import { parse } from '../../../sandbox/promql/syntax.ts'
import type { MessageView, UserAction, WorkspaceView } from '../../../sandbox/slack/client-api.ts'
import { createSns } from '../../../sandbox/sns.ts'
import { createStoryClock } from '../../../sandbox/stories/clock.ts'
import { createDelivery } from '../../../sandbox/stories/deliver.ts'
import { createPlayer, type PlayerEvent } from '../../../sandbox/stories/player.ts'
import { stories, storyServices } from '../../../sandbox/stories/stories.ts'
import type { Story } from '../../../sandbox/stories/story.ts'
import { createRecorder, type Recorded } from '../recording.ts'

const handles = [...new Set(stories.flatMap(({ people }) => people))]
const people = handles.map((name, i) => ({
  id: `U0PERSON0${i}`,
  name,
  realName: name,
  title: '',
  email: `${name}@shop.example`,
  timezone: 'UTC',
}))

/**
 * The parts of Slack's sandbox API that a story uses. The story's incident channel appears after the first request, next
 * to an older incident's; another incident's appears after the tenth.
 */
const createSlack = async () => {
  const acts: UserAction[] = []
  // The question an app posts in #incidents about an alert that waits for triage.
  const declare = { type: 'button', action_id: 'declare', text: { type: 'plain_text', text: 'Declare' }, value: '1' }
  const held = { user: 'U0MUSTER01', text: 'Is this an incident?', blocks: [{ type: 'actions', elements: [declare] }] }
  const messages: MessageView[] = [{ ...blank, ...held, channel: 'C0INCIDENTS', ts: '0.000001' }]
  const channel = { kind: 'channel', topic: '', purpose: '', archived: false, pins: [], bookmarks: [], unread: 0 }
  const workspace = {
    conversations: [
      { ...channel, id: 'C0INCIDENTS', name: 'incidents', members: [] },
      { ...channel, id: 'C0ENGINEER', name: 'engineering', members: [] },
      { ...channel, id: 'C0LONGAGO0', name: 'inc-9-slow', members: [] },
      { ...channel, id: 'C0INCIDENT', name: 'inc-10-slower', members: people.map(({ id }) => id) },
      { ...channel, id: 'C0ANOTHER0', name: 'inc-11-other', members: people.map(({ id }) => id) },
    ],
    people,
    modals: [],
  } as unknown as WorkspaceView
  let looks = 0
  const server = await createRecorder(({ path, body }) => {
    if (path.startsWith('/sandbox/workspace')) {
      looks += 1
      const { conversations } = workspace
      return {
        status: 200,
        body: { ...workspace, conversations: conversations.slice(0, looks > 10 ? 5 : looks > 1 ? 4 : 3) },
      }
    }
    if (path.startsWith('/sandbox/messages')) return { status: 200, body: messages }
    const act: UserAction = JSON.parse(body)
    acts.push(act)
    if (act.type === 'message')
      messages.push({ ...blank, channel: act.channel, user: act.as, text: act.text, ts: `${messages.length}.000100` })
    return { status: 200, body: { ok: true } }
  })
  return { ...server, acts }
}
const blank = { files: [], reactions: [], edited: false, ephemeral: false }

/** Plays a story at full speed against real servers that record every request. */
const played = async (story: Story) => {
  const clock = createStoryClock({ realNow: Date.now, startAt: Date.UTC(2026, 10, 21, 3) })
  const muster = await createRecorder()
  const slack = await createSlack()
  const pagerduty: FakePagerDuty = await createFakePagerDuty({
    token: 'pd',
    people,
    now: clock.now,
    sleep: async () => {},
    services: storyServices().flatMap(({ name, pagerdutyService }) =>
      pagerdutyService ? [{ id: pagerdutyService, name, onCall: ['olena', 'robin'] }] : [],
    ),
    webhook: { url: `${muster.url}/webhooks/pagerduty`, secret: 'hush' },
  })
  const events: PlayerEvent[] = []
  const player = createPlayer({
    story,
    clock,
    deliver: createDelivery({
      muster: muster.url,
      slack: slack.url,
      pagerduty: pagerduty.url,
      pagerdutyToken: 'pd',
      people,
      secrets: { alertmanager: 'am', grafana: 'gf', github: 'gh', webhook: 'wh' },
      sns: createSns({ now: clock.now }),
      sleep: async () => {},
    }),
    settled: pagerduty.settled,
    onEvent: (event) => events.push(event),
    wait: async () => {},
  })
  player.setSpeed(0)
  player.play()
  const { failed } = await player.finished
  await Promise.all([muster.stop(), slack.stop(), pagerduty.stop()])
  return { failed, events, webhooks: muster.requests, acts: slack.acts, anchor: player.anchor() }
}

describe.each(stories)('$title', (story) => {
  let result: Awaited<ReturnType<typeof played>>
  beforeAll(async () => {
    result = await played(story)
  })

  test('can be played from start to end', () => {
    const failures = result.events.filter(({ type }) => type === 'step_failed')
    expect(failures.map((event) => ('reason' in event ? `${event.caption}: ${event.reason}` : ''))).toEqual([])
    expect(result.failed).toBe(0)
  })

  test('ends with a resolve and the postmortem command', () => {
    const typed = result.acts.flatMap((act) => (act.type === 'command' ? [act.text] : []))
    expect(typed.at(-2)).toMatch(/^resolve .+/)
    expect(typed.at(-1)).toBe('postmortem links')
  })

  test("stays in its own incident's channel when there are others", () => {
    const places = result.acts.flatMap((act) => ('channel' in act ? [act.channel] : []))
    expect(new Set(places.filter((id) => id !== 'C0ENGINEER'))).toEqual(new Set(['C0INCIDENT']))
  })

  test('has steps in order with unique captions', () => {
    const captions = story.steps.map(({ caption }) => caption)
    expect(new Set(captions).size).toBe(captions.length)
    const times = story.steps.map(({ atMs }) => atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('sends payloads with times relative to its start', () => {
    const texts = result.webhooks.flatMap(({ body }) =>
      [...body.matchAll(/2026-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z/g)].map(String),
    )
    const first = result.anchor + (story.steps[0]?.atMs ?? 0) - 120_000
    const last = result.anchor + (story.steps.at(-1)?.atMs ?? 0)
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      expect(Date.parse(text)).toBeGreaterThanOrEqual(first)
      expect(Date.parse(text)).toBeLessThanOrEqual(last + 60_000)
    }
  })

  test('refers only to known services, with valid queries', () => {
    const ids = story.services.map(({ id }) => id)
    for (const { dependsOn, queries } of story.services) {
      for (const id of dependsOn) expect(ids).toContain(id)
      for (const { query } of queries) expect(() => parse(query)).not.toThrow()
    }
    for (const { query } of story.world.rules) expect(() => parse(query)).not.toThrow()
    // The database of the connection collapse is deliberately missing from the catalogue.
    for (const { service } of story.changes) expect([...ids, 'mysql']).toContain(service)
  })
})

test('a service shared by stories is identical in all of them', () => {
  const all = stories.flatMap(({ services }) => services)
  for (const { id } of all) {
    const copies = all.filter((each) => each.id === id).map((each) => JSON.stringify(each))
    expect(new Set(copies).size, id).toBe(1)
  }
})

test('signs every webhook or sends its token', async () => {
  const all: Recorded[] = []
  for (const story of stories) all.push(...(await played(story)).webhooks)
  const paths = Object.groupBy(all, ({ path }) => path)
  expect(Object.keys(paths).sort()).toEqual([
    ...['alertmanager', 'alerts/cloudwatch', 'changes', 'github', 'grafana', 'pagerduty'].map(
      (name) => `/webhooks/${name}`,
    ),
  ])
  for (const { path, headers } of all) {
    const proof = headers.authorization ?? headers['x-hub-signature-256'] ?? headers['x-grafana-alerting-signature']
    expect(proof ?? headers['x-pagerduty-signature'], path).toBeTruthy()
  }
})
