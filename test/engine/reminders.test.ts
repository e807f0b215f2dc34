import { describe, expect, onTestFinished, test } from 'vitest'
import { createRecord } from '../../src/engine/record.ts'
import { createReminders } from '../../src/engine/reminders.ts'
import type { Declaration } from '../../src/incident/decide.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Store } from '../../src/store/store.ts'
import { alert, channelOpened, MINUTE, T } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'

const DANA = 'U0DANA0001'
const HOUR = 60 * MINUTE
const rules = {
  noCommanderMs: 5 * MINUTE,
  quietMs: 2 * HOUR,
  severities: [{ id: 'sev2', name: 'SEV2', description: '', emoji: '', updateEveryMinutes: 60 }],
}

/** An open incident, and the reminders over it, on a clock moved by hand. */
const begun = async ({
  drill = false,
  resolveWhenQuietMs,
  askForMitigationMinutes = 0,
  opened: declaration = { title: 'It is slow', severity: 'sev2' },
}: {
  drill?: boolean
  resolveWhenQuietMs?: number
  askForMitigationMinutes?: number
  opened?: Declaration
} = {}) => {
  let at = T
  const now = () => at
  const store = await opened('sqlite::memory:', now)
  const replica = (over: Store) => {
    const [log, metrics] = [createLog('silent'), createMetrics()]
    const record = createRecord({ store: over, log, metrics, wake: () => {} })
    const reminders = createReminders({
      store: over,
      record,
      pause: { announceEnd: async () => {} },
      rules: { ...rules, severities: rules.severities.map((one) => ({ ...one, askForMitigationMinutes })) },
      handoverUnansweredMs: 5 * MINUTE,
      resolveWhenQuietMs,
      now,
      log,
      metrics,
    })
    onTestFinished(() => reminders.stop())
    return { record, reminders, metrics }
  }
  const first = replica(store)
  await first.record.declare({ ...declaration, drill }, { by: declaration.alert?.source ?? DANA, at })
  await first.record.change('INC-1', () => [channelOpened])
  return {
    ...first,
    replica: () => replica(store),
    /** Does something in the incident now. */
    say: (...events: object[]) =>
      first.record.change('INC-1', () => events.map((event) => ({ by: DANA, at, ...event })) as never),
    incident: async () => (await store.read('INC-1')) as Incident,
    /** Moves on minute by minute, and tells what people were reminded of. */
    after: async (minutes: number): Promise<string[]> => {
      const before = (await store.events('INC-1')).length
      for (let i = 0; i < minutes; i++) {
        at += MINUTE
        await first.reminders.check()
      }
      return (await store.events('INC-1'))
        .slice(before)
        .flatMap((event) => (event.type === 'reminded' ? event.kind : []))
    },
    events: () => store.events('INC-1'),
    texts: async () => (await store.events('INC-1')).flatMap((event) => (event.type === 'reminded' ? event.text : [])),
    jump: (ms: number) => {
      at += ms
    },
  }
}

describe('a reminder is sent', () => {
  test('to stop the harm while the cause is unknown, once across replicas, and again after a snooze', async () => {
    const incident = await begun({ askForMitigationMinutes: 10 })
    await incident.say({ type: 'role_assigned', role: 'commander', responder: DANA })
    expect(await incident.after(9)).toEqual([])
    expect(await incident.after(1)).toEqual(['mitigation'])
    await incident.replica().reminders.check()
    expect(await incident.after(20)).toEqual([])
    const { at } = (await incident.events()).at(-1) as { at: number }
    await incident.say({ type: 'mitigation_snoozed', until: at + 40 * MINUTE })
    expect(await incident.after(15)).toEqual([])
    expect(await incident.after(10)).toEqual(['mitigation'])
    await incident.say({ type: 'status_changed', status: 'identified' })
    expect(await incident.after(10)).not.toContain('mitigation')
  })

  test('when nobody is in command, at most three times, and not once somebody is', async () => {
    const incident = await begun()
    expect(await incident.after(4)).toEqual([])
    expect(await incident.after(1)).toEqual(['commander'])
    expect(await incident.after(10)).toEqual(['commander', 'commander'])
    expect(await incident.after(30)).toEqual([])
  })

  test('about nothing of the kind while there is a commander', async () => {
    const incident = await begun()
    await incident.say({ type: 'role_assigned', role: 'commander', responder: DANA })
    expect(await incident.after(30)).toEqual([])
  })

  test("when an update is due by the severity's cadence, which an update restarts", async () => {
    const incident = await begun()
    await incident.say({ type: 'role_assigned', role: 'commander', responder: DANA })
    expect(await incident.after(60)).toEqual(['update'])
    expect(await incident.texts()).toEqual([`<@${DANA}>, an update is due: there has been none yet.`])
    await incident.say({ type: 'update_posted', text: 'We look.' })
    expect(await incident.after(59)).toEqual([])
    expect(await incident.after(1)).toEqual(['update'])
    expect((await incident.texts()).at(-1)).toContain('the last one was 1 h 00 min ago')
  })

  test("when there is no more activity; Muster's own actions do not count as activity", async () => {
    const incident = await begun()
    await incident.say({ type: 'role_assigned', role: 'commander', responder: DANA })
    await incident.say({ type: 'severity_changed', severity: 'sev4' })
    expect(await incident.after(119)).toEqual([])
    expect(await incident.after(1)).toEqual(['quiet'])
    expect((await incident.texts()).at(-1)).toBe('Nothing has happened here for 2 h 00 min. Is INC-1 still ongoing?')
    await incident.say({ type: 'noted', text: 'still looking' })
    expect(await incident.after(119)).toEqual([])
    expect(await incident.after(1)).toEqual(['quiet'])
  })

  test('about action items that nobody is reminded of once a day after the end, three times, not about others', async () => {
    const incident = await begun()
    await incident.say({ type: 'action_added', id: 1, text: 'raise the limit' })
    // Its owner is reminded by direct message.
    await incident.say({ type: 'action_added', id: 3, text: 'write it down', owner: DANA })
    await incident.say({ type: 'action_added', id: 2, text: 'alert earlier' })
    await incident.say({ type: 'action_done', id: 2 })
    await incident.say({ type: 'status_changed', status: 'resolved' })
    for (let day = 1; day <= 5; day++) {
      incident.jump(23 * HOUR)
      expect(await incident.after(60)).toEqual(day <= 3 ? ['actions'] : [])
    }
    expect((await incident.texts()).at(-1)).toBe(
      'One open action item has nobody who is reminded of it: 1. raise the limit. `/incident action take 1` makes it yours.',
    )
  })

  test('once after downtime, not for every one that was missed', async () => {
    const incident = await begun()
    incident.jump(20 * HOUR)
    expect(await incident.after(1)).toEqual(['commander', 'update', 'quiet'])
    expect(await incident.after(4)).toEqual([])
  })

  test('by only one of several replicas', async () => {
    const incident = await begun()
    const others = [incident.replica(), incident.replica()]
    incident.jump(5 * MINUTE)
    await Promise.all([incident, ...others].map(({ reminders }) => reminders.check()))
    expect(await incident.texts()).toHaveLength(1)
    const given = await Promise.all(
      [incident, ...others].map(async ({ metrics }) => (await metrics.reminders.get()).values[0]?.value ?? 0),
    )
    expect(given.toSorted()).toEqual([0, 0, 1])
  })

  test('about nothing in a drill or after a false alarm', async () => {
    expect(await (await begun({ drill: true })).after(200)).toEqual([])
    const incident = await begun()
    await incident.say({ type: 'status_changed', status: 'cancelled' })
    expect(await incident.after(200)).toEqual([])
  })
})

describe('an incident whose alerts have all resolved', () => {
  const opened = { title: 'It is slow', severity: 'sev2', alert: alert() }
  const quiet = { type: 'alert_resolved', alertKey: alert().key, title: alert().title }
  const status = async (incident: Awaited<ReturnType<typeof begun>>) => (await incident.incident()).status

  test('is resolved after the configured time, by one replica only, and says why', async () => {
    const incident = await begun({ opened, resolveWhenQuietMs: 30 * MINUTE })
    await incident.after(60)
    expect(await status(incident)).toBe('investigating')
    await incident.say(quiet)
    await incident.after(29)
    expect(await status(incident)).toBe('investigating')
    const others = [incident.replica(), incident.replica()]
    incident.jump(MINUTE)
    await Promise.all([incident, ...others].map(({ reminders }) => reminders.check()))
    expect((await incident.events()).filter(({ type }) => type === 'status_changed')).toMatchObject([
      { status: 'resolved', by: 'muster', text: 'its alert has been quiet for 30 min, and nobody did anything' },
    ])
  })

  test('stays open while anybody is active or an alert fires again', async () => {
    const incident = await begun({ opened, resolveWhenQuietMs: 30 * MINUTE })
    await incident.say(quiet)
    await incident.after(20)
    await incident.say({ type: 'noted', text: 'not yet' })
    await incident.after(20)
    await incident.say({ type: 'alert_joined', alert: alert('pagerduty:P2'), reason: 'same service' })
    await incident.after(60)
    expect(await status(incident)).toBe('investigating')
    await incident.say({ ...quiet, alertKey: 'pagerduty:P2' })
    await incident.after(30)
    expect(await status(incident)).toBe('resolved')
  })

  test('stays open when auto-resolve is off, when a person declared it, or when it is a drill', async () => {
    for (const options of [
      { opened },
      { resolveWhenQuietMs: MINUTE },
      { opened, drill: true, resolveWhenQuietMs: MINUTE },
    ]) {
      const incident = await begun(options)
      await incident.say({ type: 'alert_joined', alert: alert('pagerduty:P2'), reason: 'same service' })
      await incident.say(quiet, { ...quiet, alertKey: 'pagerduty:P2' })
      expect((await incident.incident()).alerts.firing).toBe(0)
      await incident.after(100)
      expect(await status(incident)).toBe('investigating')
    }
  })
})
