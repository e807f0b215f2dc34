import { expect, test } from 'vitest'
import { startSandboxed } from './sandboxed.ts'

test.for([['index-migration']])('%s', { timeout: 60_000 }, async ([id]) => {
  const { sandbox, muster, settled } = await startSandboxed()
  const failures: string[] = []
  const player = sandbox.play(id!, settled, (event) => {
    if (event.type === 'step_failed') failures.push(`${event.caption}: ${event.reason}`)
  })
  player.setSpeed(0)
  player.play()
  await player.finished
  await settled()
  const list = await muster.store.list()
  console.log(
    id,
    failures,
    JSON.stringify(
      list.map(({ id, title, status, alerts, drafts, severity }) => ({ id, title, severity, status, alerts, drafts })),
      null,
      1,
    ),
  )
  expect(failures).toEqual([])
})
