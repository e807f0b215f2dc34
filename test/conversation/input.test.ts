import { describe, expect, test } from 'vitest'
import { interpret } from '../../src/conversation/interpret.ts'
import { commands, dana, replyText, somebody } from './command-request.ts'

describe('short forms', () => {
  test.each([
    [
      'mitigated pool enlarged',
      'INC-7 is now mitigated.',
      { type: 'status_changed', status: 'mitigated', text: 'pool enlarged' },
    ],
    [
      'SEV1 everybody is hit',
      'INC-7 is now SEV1.',
      { type: 'severity_changed', severity: 'sev1', reason: 'everybody is hit' },
    ],
    ['commander me', 'You are now Commander.', { type: 'role_assigned', role: 'commander', responder: dana }],
    ['scribe <@U0EVE00001>', 'is now Scribe.', { type: 'role_assigned', role: 'scribe', responder: 'U0EVE00001' }],
    ['resolved rolled back', 'INC-7 is resolved.', { type: 'status_changed', status: 'resolved', text: 'rolled back' }],
  ])('%s works as typed', async (text, reply, event) => {
    const { request, events } = somebody()
    expect(replyText(await interpret(commands, text, request))).toContain(reply)
    expect(events.at(-1)).toMatchObject(event)
  })
})

test('help shows an example of every command', async () => {
  const { request } = somebody()
  for (const { name } of commands)
    expect(replyText(await interpret(commands, `help ${name}`, request))).toContain(`For example: /incident ${name}`)
})

describe('invalid input gets one clear sentence and records nothing', () => {
  test.each([
    ['declare sev9 Login broken', 'There is no severity sev9. Choose one of sev1, sev2, sev3, sev4.'],
    ['note 25:99 it broke', '25:99 is not a time.'],
    ['note 2026-02-31 10:00 it broke', '2026-02-31 10:00 is not a time.'],
    ['note 13:30pm it broke', '13:30pm is not a time.'],
    ['time declared 25:99', '25:99 is not a time.'],
    ['pause abc', 'Say for how long first, like pause 30 planned failover'],
    ['pause 0', 'A pause lasts at least a minute'],
    ['pause 99999', 'A pause lasts at most a day: 1440 minutes'],
    ['close', 'INC-7 is investigating. Resolve it before closing it: /incident resolve.'],
    ['reopen', 'INC-7 is still open (investigating).'],
    ['merge INC-7', 'INC-7 is this incident. Name another one'],
    ['merge INC-8', 'There is no open INC-8 that you can see.'],
    ['service paymens-db', 'There is no service paymens-db in the catalogue. Did you mean payments-db?'],
    ['evidence', 'No source of graphs or logs is connected.'],
    ['severity sev9', 'There is no severity sev9.'],
    ['help nosuch', 'There is no /incident nosuch. These are all commands:'],
  ])('%s', async (text, reply) => {
    const { request, types } = somebody()
    expect(replyText(await interpret(commands, text, request))).toContain(reply)
    expect(types()).toEqual([])
  })

  test('no command answers invalid input with the wording of the validation library', async () => {
    const odd = [
      'x',
      '-1',
      '0',
      '1.5',
      '99999999999999999999',
      'x'.repeat(13_000),
      '<@U0EVE00001>',
      'INC-0',
      '\u0000',
      'done',
      'done x',
    ]
    for (const { name } of commands)
      for (const text of odd) {
        const reply = replyText(await interpret(commands, `${name} ${text}`, somebody().request))
        expect(reply, `${name} ${text.slice(0, 20)}`).not.toMatch(
          /Too (big|small)|Invalid (input|option)|expected (string|number|int)|NaN|undefined/,
        )
      }
  })
})
