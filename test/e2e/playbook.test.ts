import { expect, test } from 'vitest'
import { startSandboxed } from './sandboxed.ts'
import { textOf, until } from './stack.ts'

test('when an incident recurs, the second starts from what ended the first', { timeout: 240_000 }, async () => {
  const stage = await startSandboxed({ startAt: Date.now() + 2 * 86_400_000 })
  await using _ = stage
  const { sandbox, muster, settled } = stage
  const play = async (): Promise<void> => {
    const player = sandbox.play('connection-collapse', settled, undefined, { catchUp: muster.catchUp })
    player.setSpeed(0)
    player.play()
    await player.finished
    await settled()
  }
  const channelOf = (number: number) =>
    sandbox.slack.dump().channels.find(({ name }) => name.startsWith(`inc-${number}-`))
  const textsIn = (number: number) =>
    sandbox.slack
      .dump()
      .messages.filter(({ channel }) => channel === channelOf(number)?.id)
      .map(textOf)
  const type = (number: number, text: string) =>
    sandbox.slack.act({
      type: 'command',
      as: 'U0OLENA001',
      channel: channelOf(number)?.id ?? '',
      command: '/incident',
      text,
    })

  await play()
  await type(1, 'playbook')
  const draft = await until('the draft', () =>
    textsIn(1).find((text) => text.includes('a draft from the timeline of INC-1')),
  )
  expect(draft).toContain('Alert "High P90 latency on Shipping: 9.28 s"')
  expect(draft).toContain('Suspect mysql')
  expect(draft).not.toContain('went well')
  expect(draft).toMatch(/After \d+ min: Killed the idle connections of user shipping/)
  expect(draft).toMatch(/After \d+ min: mitigated/)

  const incident = await muster.store.read('INC-1')
  expect(incident?.status).toBe('resolved')

  await play()
  const found = (await muster.store.events('INC-2')).filter((event) => event.type === 'similar_found')
  expect(found[0]).toMatchObject({ similar: [{ incident: 'INC-1', reasons: ['same alert', 'same service'] }] })
  expect(found.at(-1)?.similar[0]?.reasons).toContain('same suspect, mysql')
  await type(2, 'similar')
  const reply = await until('the reply', () => textsIn(2).find((text) => text.includes('Past incidents like INC-2')))
  expect(reply).toMatch(/fixed by: Idle connections from Shipping/)
})
