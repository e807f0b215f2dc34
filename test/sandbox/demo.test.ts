import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { InspectorView, StoryResult } from '../../sandbox/control-api.ts'
import { runDemo } from '../../sandbox/demo/demo.ts'
import type { Dump } from '../../sandbox/slack/dump.ts'

const quiet = { headless: false, port: 0, speed: 10, say: () => {} }

/** Muster is killed every so many steps; a prime, so that kills do not align with the story. */
const KILL_EVERY = 5

describe('the demo', () => {
  test('survives repeated kills of Muster during a story without loss or duplicates', {
    timeout: 180_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-demo-test-'))
    const demo = await runDemo({ ...quiet, keep: folder })
    if (!demo) throw new Error('the demo with a page runs until stopped')
    onTestFinished(() => demo.stop())
    const post = async <Answer>(path: string, body: object): Promise<Answer> => {
      const response = await fetch(demo.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Answer
    }
    const get = async <Answer>(path: string): Promise<Answer> =>
      (await fetch(demo.url + path)).json() as Promise<Answer>

    await post('/sandbox/story', { do: 'choose', story: 'connection-collapse' })
    for (let ended = false, steps = 1; !ended; steps++) {
      const answer = await post<StoryResult>('/sandbox/story', { do: 'step' })
      if (!answer.ok) throw new Error(answer.error)
      expect(answer.progress.caption).not.toContain('Step failed')
      ended = answer.progress.state === 'ended'
      if (steps % KILL_EVERY === 0) await post('/sandbox/fault-switches', { name: 'restart', on: true })
    }
    await expect
      .poll(async () => (await get<InspectorView>('/sandbox/inspector')).outbox, { timeout: 60_000 })
      .toEqual([])

    const { channels, messages } = await get<Dump>('/sandbox/dump')
    expect(channels.filter(({ name }) => name.startsWith('inc-'))).toHaveLength(1)
    const marks = messages.flatMap(({ metadata }) => (metadata ? [JSON.stringify(metadata.event_payload)] : []))
    expect(marks.length).toBeGreaterThan(10)
    expect(marks.filter((mark, i) => marks.indexOf(mark) !== i)).toEqual([])
    const database = new Sqlite(join(folder, 'muster.db'), { readonly: true })
    const events = database.prepare('select data from events').all() as { data: string }[]
    database.close()
    const count = (type: string) => events.filter(({ data }) => JSON.parse(data).type === type).length
    // The automatic draft after resolving, and the one requested with the review's notes.
    expect([count('declared'), count('postmortem_drafted'), count('effect_failed')]).toEqual([1, 2, 0])
  })

  test('reports a port in use and cleans up', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const folder = mkdtempSync(join(tmpdir(), 'muster-demo-test-'))
    await expect(runDemo({ ...quiet, port, keep: folder })).rejects.toThrow(
      `Port ${port} is in use; choose another one with --port.`,
    )
    expect(existsSync(join(folder, 'story-clock.json'))).toBe(false)
  })

  test('rejects an unknown story before anything starts', async () => {
    await expect(runDemo({ ...quiet, scenario: 'nightmare' })).rejects.toThrow(
      /There is no story "nightmare"\. There are: connection-collapse,/,
    )
  })

  test('rejects an unknown speed before anything starts', async () => {
    await expect(runDemo({ ...quiet, speed: 7 })).rejects.toThrow('There is no speed 7. Choose one of 1, 10, 60.')
  })
})
