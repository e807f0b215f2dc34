import { describe, expect, test } from 'vitest'
import { interpret } from '../../src/conversation/interpret.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import { replay } from '../../src/incident/evolve.ts'
import { channelOpened } from '../incident/facts.ts'
import { commands, replyText, somebody } from './command-request.ts'

describe('merge', () => {
  test('inside a channel, merges its incident into the named one', async () => {
    const { request, events } = somebody()
    expect(replyText(await interpret(commands, 'merge INC-9', request))).toContain('INC-7 is merged into INC-9')
    expect(events.at(-1)).toMatchObject({ type: 'status_changed', status: 'merged', into: 'INC-9' })
  })

  test('from anywhere, takes both: the first is merged into the second', async () => {
    const { request, events } = somebody({ inside: false })
    expect(replyText(await interpret(commands, 'merge INC-7 INC-9', request))).toContain('INC-7 is merged into INC-9')
    expect(events.at(-1)).toMatchObject({ status: 'merged', into: 'INC-9' })
    expect(replyText(await interpret(commands, 'merge INC-9', request))).toContain('/incident merge INC-7')
  })
})

describe('the service', () => {
  test('is set by id, name or alias, and runs every look-up that opening would', async () => {
    for (const text of ['service payments-db', 'service Payments DB', 'service PDB']) {
      const { request, events } = somebody()
      expect(replyText(await interpret(commands, text, request))).toContain('INC-7 is now about Payments DB.')
      expect(events.at(-1)).toMatchObject({ type: 'service_changed', service: 'payments-db' })
      const effects = effectsOf(events.at(-1)!, replay('INC-7', [...events, channelOpened])).map(({ type }) => type)
      expect(effects).toEqual(expect.arrayContaining(['find_on_call', 'page', 'collect_evidence', 'find_changes']))
    }
  })

  test('does not page again when it is corrected', async () => {
    const { request, events } = somebody()
    await interpret(commands, 'service checkout', request)
    await interpret(commands, 'service pdb', request)
    expect(events.at(-1)).toMatchObject({ service: 'payments-db', from: 'checkout' })
    expect(effectsOf(events.at(-1)!, replay('INC-7', events)).map(({ type }) => type)).not.toContain('page')
    expect(replyText(await interpret(commands, 'service pdb', request))).toBe('INC-7 is already about Payments DB.')
  })

  test('is guessed from the title, or offered as a menu', async () => {
    const { request, events } = somebody()
    expect(replyText(await interpret(commands, 'declare the payments db is slow', request))).toContain(
      'for Payments DB',
    )
    expect(events[0]).toMatchObject({ service: 'payments-db' })
    const answer = await interpret(commands, 'declare login is broken', request)
    expect(answer).toMatchObject({ reply: { next: [{ command: 'service INC-7' }] } })
    expect(await interpret(commands, 'service INC-7', somebody({ inside: false }).request)).toMatchObject({
      kind: 'form',
      form: {
        fields: [{ kind: 'choice', options: [{ value: 'payments-db', label: 'Payments DB' }, { value: 'checkout' }] }],
      },
    })
  })
})
