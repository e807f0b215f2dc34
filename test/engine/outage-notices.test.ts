import { describe, expect, onTestFinished, test } from 'vitest'
import { createOutageNotices } from '../../src/engine/outage-notices.ts'
import type { EffectHandlers } from '../../src/incident/effect-handler.ts'
import { Unavailable } from '../../src/incident/errors.ts'
import { act, MINUTE } from '../incident/facts.ts'
import { memory, opened, postgres } from '../store/databases.ts'
import { handClock, outboxOver } from './outbox-world.ts'

const plain = (text: readonly object[]) => text.map((part) => Object.values(part).join('')).join('')

for (const kind of [memory, postgres]) {
  describe.skipIf(kind.missing)(`outages on ${kind.name}`, () => {
    /** Muster whose systems fail at will, with two replicas that look for outages. */
    const world = async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      const down = new Set<string>()
      const calls = (system: string) => async () => {
        if (down.has(system)) throw new Unavailable(`${system} answered 500.`, { system })
        return []
      }
      const handlers: Partial<EffectHandlers> = { open_channel: calls('Slack'), find_on_call: calls('PagerDuty') }
      const made = outboxOver(store, clock, { ...handlers, page: calls('PagerDuty') })
      const notices: string[] = []
      const names: string[] = []
      let refusing = false
      const heldBack = new Set<string>()
      const replica = (owner: string) => {
        const checks = createOutageNotices({
          store,
          owner,
          scheduleNow: clock.now,
          isHeldBack: (system) => heldBack.has(system),
          notify: async (text, { name }) => {
            if (refusing || down.has('Slack')) throw new Error('Slack does not answer.')
            notices.push(plain(text))
            names.push(name)
          },
          log: { warn: () => {}, error: () => {} },
        })
        onTestFinished(() => checks.stop())
        return checks
      }
      const replicas = [replica('one'), replica('two')]
      made.outbox.start()
      return {
        ...made,
        store,
        clock,
        notices,
        names,
        replicas,
        heldBack,
        fail: (system: string) => down.add(system),
        refuse: (value: boolean) => {
          refusing = value
        },
        recover: async (system: string) => {
          down.delete(system)
          await made.outbox.recovered(system)
          await made.outbox.settled(0)
        },
        declared: async () => {
          await made.declared()
          await made.outbox.settled(0)
        },
        /** A minute passes, and every replica looks. */
        minutes: async (count: number, checking = replicas) => {
          for (let i = 0; i < count; i++) {
            await made.forward(MINUTE)
            await Promise.all(checking.map(({ check }) => check()))
          }
        },
      }
    }

    test('are reported after five minutes and at their end with what was late, once each by two replicas', async () => {
      const w = await world()
      w.fail('PagerDuty')
      await w.declared()
      await w.declared()
      await w.minutes(5)
      expect(w.notices).toEqual([])
      await w.minutes(10)
      expect(w.notices).toEqual([
        ':warning: PagerDuty has not worked for Muster for 5 min: PagerDuty answered 500. 2 pages and 2 other steps wait for it and will be carried out once it is back. Call people by phone if somebody is needed now.',
      ])
      await w.recover('PagerDuty')
      await w.minutes(3)
      expect(w.notices).toHaveLength(2)
      expect(w.notices[1]).toMatch(
        /^:white_check_mark: PagerDuty works again after 15 min, from \d+ to \d+; 2 pages and 2 other steps went out late\.$/,
      )
    })

    test('of less than five minutes pass without a word, also when one follows the other', async () => {
      const w = await world()
      for (let i = 0; i < 4; i++) {
        w.fail('PagerDuty')
        await w.declared()
        await w.minutes(3)
        await w.recover('PagerDuty')
        await w.minutes(1)
      }
      expect(w.notices).toEqual([])
      expect(await w.store.recallAll('outage:')).toEqual([])
    })

    test('of Slack itself are reported when it is back, with how long they lasted', async () => {
      const w = await world()
      w.fail('Slack')
      await w.declared()
      await w.minutes(20)
      expect(w.notices).toEqual([])
      await w.recover('Slack')
      await w.minutes(2)
      expect(w.notices).toHaveLength(1)
      expect(w.notices[0]).toMatch(/^:white_check_mark: Slack works again after 20 min, .*; 1 channel went out late\.$/)
    })

    test('that end while Slack is down are reported with their own times once Slack is back', async () => {
      const w = await world()
      w.fail('PagerDuty')
      await w.declared()
      await w.minutes(2)
      w.fail('Slack')
      await w.declared()
      await w.minutes(10)
      await w.recover('PagerDuty')
      await w.minutes(10)
      expect(w.notices).toEqual([])
      await w.recover('Slack')
      await w.minutes(2)
      expect(w.notices.map((text) => text.slice(0, 60)).toSorted()).toEqual([
        expect.stringContaining('PagerDuty works again after 12 min'),
        expect.stringContaining('Slack works again after 20 min'),
      ])
    })

    test('are remembered through a restart, and a replica that died while posting is replaced', async () => {
      const w = await world()
      w.fail('PagerDuty')
      await w.declared()
      await w.minutes(1)
      const since = JSON.parse((await w.store.recallAll('outage:'))[0]!.value).since as number
      await w.store.rememberFirst(
        `notice:PagerDuty/${since}/began`,
        JSON.stringify({ owner: 'dead', at: since + 5 * MINUTE }),
      )
      await w.minutes(6, w.replicas.slice(0, 1))
      expect(w.notices).toEqual([])
      await w.minutes(2, w.replicas.slice(1))
      expect(w.notices).toHaveLength(1)
      expect(w.names).toEqual([`PagerDuty/${since}/began`])
    })

    test('are reported by the next check when Slack refused the notice', async () => {
      const w = await world()
      w.fail('PagerDuty')
      await w.declared()
      w.refuse(true)
      await w.minutes(8)
      w.refuse(false)
      await w.minutes(3)
      expect(w.notices).toHaveLength(1)
      expect(w.notices[0]).toContain('for 8 min')
    })

    test('are not over while calls are held back, and what was given up or needless did not go out', async () => {
      const w = await world()
      w.fail('PagerDuty')
      w.heldBack.add('PagerDuty')
      await w.declared()
      await w.declared()
      await w.minutes(7)
      await w.record.change('INC-1', () => [
        { ...act(w.clock.now()), type: 'status_changed', status: 'cancelled', text: 'by mistake' },
      ])
      await w.recover('PagerDuty')
      await w.minutes(2)
      expect(w.notices).toHaveLength(1)
      w.heldBack.clear()
      await w.minutes(1)
      expect(w.notices).toHaveLength(2)
      expect(w.notices[1]).toContain('; 1 page and 1 other step went out late.')
    })
  })
}
