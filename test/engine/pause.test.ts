import { expect, test } from 'vitest'
import { createPause } from '../../src/engine/pause.ts'
import { createLog } from '../../src/platform/log.ts'
import { MINUTE, T } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'

const start = async (announce: (text: string) => Promise<void> = async () => {}) => {
  let time = T
  let looks = 0
  const store = await opened('sqlite::memory:')
  const recall: typeof store.recall = (key) => {
    looks++
    return store.recall(key)
  }
  const options = { store: { ...store, recall }, announce, now: () => time, log: createLog('silent') }
  return {
    pause: createPause(options),
    other: createPause(options),
    looks: () => looks,
    pass: (ms: number) => {
      time += ms
    },
  }
}

test('a pause ends by itself or when somebody resumes, and both are announced', async () => {
  const announced: string[] = []
  const { pause, pass } = await start(async (text) => {
    announced.push(text)
  })
  await pause.pause({ minutes: 10, reason: 'failover', by: 'U0DANA' })
  expect(await pause.isPaused()).toBe(true)
  pass(10 * MINUTE)
  expect(await pause.isPaused()).toBe(false)
  expect(await pause.resume('U0DANA')).toBe(false)
  await pause.pause({ minutes: 10, reason: '', by: 'U0DANA' })
  expect(await pause.resume('U0DANA')).toBe(true)
  expect(announced.map((text) => text.split(' ')[0])).toEqual([':pause_button:', ':pause_button:', ':arrow_forward:'])
  expect(announced[0]).toContain('Reason: failover')
})

test('the automatic end is announced once, by whichever process notices, and once Slack is back', async () => {
  const announced: string[] = []
  let slackIsDown = true
  const { pause, other, pass } = await start(async (text) => {
    if (slackIsDown) throw new Error('Slack is down.')
    announced.push(text)
  })
  await pause.announceEnd()
  await pause.pause({ minutes: 10, reason: '', by: 'U0DANA' })
  pass(9 * MINUTE)
  slackIsDown = false
  await pause.announceEnd()
  expect(announced).toEqual([])
  pass(MINUTE)
  slackIsDown = true
  await pause.announceEnd()
  slackIsDown = false
  await other.announceEnd()
  await pause.announceEnd()
  expect(announced).toEqual([
    ':arrow_forward: Muster resumes: alerts open incidents again, and people are paged. The pause was for 10 min.',
  ])
  await pause.pause({ minutes: 10, reason: '', by: 'U0DANA' })
  await pause.resume('U0DANA')
  pass(11 * MINUTE)
  await pause.announceEnd()
  expect(announced).toHaveLength(3)
})

test('another process applies it within a second', async () => {
  const { pause, other, pass } = await start()
  expect(await other.isPaused()).toBe(false)
  await pause.pause({ minutes: 10, reason: '', by: 'U0DANA' })
  pass(1_001)
  expect(await other.isPaused()).toBe(true)
})

test('pausing works while Slack is unavailable', async () => {
  const { pause } = await start(() => Promise.reject(new Error('Slack is down.')))
  expect(await pause.pause({ minutes: 10, reason: '', by: 'U0DANA' })).toMatchObject({ announced: false })
  expect(await pause.isPaused()).toBe(true)
})

test('a thousand simultaneous alerts read the pause state once', async () => {
  const { pause, looks } = await start()
  await Promise.all(Array.from({ length: 1_000 }, () => pause.isPaused()))
  expect(looks()).toBe(1)
})
