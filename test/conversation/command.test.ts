import { describe, expect, test } from 'vitest'
import { Mention } from '../../src/conversation/command.ts'
import { interpret, submit } from '../../src/conversation/interpret.ts'
import { commands, dana, replyText, somebody } from './command-request.ts'

test('each file in commands/ is a sub-command named after the file', () => {
  expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['declare', 'assign', 'note', 'resolve']))
  expect(new Set(commands.flatMap(({ name, aliases = [] }) => [name, ...aliases])).size).toBe(
    commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]).length,
  )
})

describe('command input', () => {
  test.each([['note the pool is full'], ['NOTE the pool is full'], ['  log   the pool is full']])(
    '%j becomes a note',
    async (text) => {
      const { request, events } = somebody()
      expect(replyText(await interpret(commands, text, request))).toBe('Noted.')
      expect(events.at(-1)).toMatchObject({ type: 'noted', text: 'the pool is full', by: dana })
    },
  )

  test('keeps line breaks in a note', async () => {
    const { request, events } = somebody()
    await interpret(commands, 'note first\nsecond', request)
    expect(events.at(-1)).toMatchObject({ text: 'first\nsecond' })
  })

  test('an incident can be addressed by its number from anywhere, in upper or lower case', async () => {
    const { request, types } = somebody({ inside: false })
    await interpret(commands, 'severity inc-7 sev1 everybody is hit', request)
    expect(types()).toEqual(['severity_changed'])
  })

  test('an incident that is missing or not visible to the person is reported as not found', async () => {
    const { request } = somebody({ inside: false })
    expect(replyText(await interpret(commands, 'resolve INC-99 done', request))).toContain(
      'There is no INC-99 that you can see',
    )
  })

  test('outside an incident channel, says where the command works and records nothing', async () => {
    const { request, types } = somebody({ inside: false })
    expect(replyText(await interpret(commands, 'resolve done', request))).toContain(
      '/incident resolve works in an incident',
    )
    expect(types()).toEqual([])
  })

  test('no input opens the declare form outside an incident channel, and help inside', async () => {
    expect(await interpret(commands, '', somebody({ inside: false }).request)).toMatchObject({
      kind: 'form',
      command: 'declare',
    })
    expect(replyText(await interpret(commands, '  ', somebody().request))).toContain('/incident')
  })

  test.each([
    ['reslove', 'Did you mean /incident resolve?'],
    ['statsu', 'Did you mean /incident status?'],
    ['xyzzyxyzzy', '/incident help lists all commands.'],
  ])('%s gets a suggestion of similar sub-commands', async (text, expected) => {
    expect(replyText(await interpret(commands, text, somebody().request))).toContain(expected)
  })

  test('a name from Object.prototype is not a sub-command', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(replyText(await interpret(commands, name, somebody().request))).toContain('There is no')
  })

  test('invalid input is answered with what is expected and the usage', async () => {
    const { request, types } = somebody()
    expect(replyText(await interpret(commands, 'assign commander dana', request))).toBe(
      'Mention one person, like @dana, or say me. Usage: /incident assign <role> <@person|me>',
    )
    expect(types()).toEqual([])
  })

  test('a refusal is shown to the person, not logged as an error', async () => {
    const { request } = somebody()
    await interpret(commands, 'resolve done', request)
    expect(replyText(await interpret(commands, 'assign commander me', request))).toContain('INC-7 is resolved')
  })
})

describe('a form', () => {
  test('opens when no arguments are given, and remembers its incident', async () => {
    expect(await interpret(commands, 'severity', somebody().request)).toMatchObject({
      kind: 'form',
      command: 'severity',
      incident: 'INC-7',
    })
  })

  test('acts on the incident it was opened for, regardless of where the person is now', async () => {
    const { request, types } = somebody({ inside: false })
    await submit(commands, 'severity', { severity: 'sev1', reason: null }, request, 'INC-7')
    expect(types()).toEqual(['severity_changed'])
  })

  test('is returned with validation errors, each at its field', async () => {
    const { request, types } = somebody()
    const answer = await submit(commands, 'note', { text: '  ' }, request)
    expect(answer).toEqual({ kind: 'errors', errors: { text: 'Say what happened.' } })
    expect(types()).toEqual([])
  })
})

test("parses a mention in both of Slack's formats", () => {
  expect(Mention.parse('<@U0DANA0001>')).toBe(dana)
  expect(Mention.parse('<@U0DANA0001|dana>')).toBe(dana)
  expect(Mention.safeParse('@dana').success).toBe(false)
})
