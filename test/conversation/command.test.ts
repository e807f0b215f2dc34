import { beforeAll, describe, expect, test } from 'vitest'
import { MusterFile } from '../../src/config/muster-file.ts'
import { type Asked, type Command, interpret, Mention, readCommands, submit } from '../../src/conversation/command.ts'
import { declare } from '../../src/incident/decide.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import type { Answer } from '../../src/incident/form.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { plain } from '../../src/incident/phrase.ts'

const at = Date.UTC(2026, 10, 21, 2, 30)
const dana = 'U0DANA0001'
const { severities, roles } = MusterFile.parse({})

let commands: Command[]
beforeAll(async () => {
  commands = await readCommands()
})

/** Somebody in the channel of INC-7, or elsewhere; what was recorded is in `events`. */
const somebody = ({ inside = true }: { inside?: boolean } = {}) => {
  const events: IncidentEvent[] = declare({ title: 'Checkout is slow', severity: 'sev2' }, { by: dana, at })
  const now = (): Incident => replay('INC-7', events)
  const asked: Asked = {
    context: {
      act: { by: dana, at },
      channel: inside ? 'C0INC00007' : 'C0GENERAL1',
      vocabulary: { severities, roles, catalogue: new Map() },
      timezone: async () => 'Asia/Tokyo',
      declare: async () => now(),
      list: async () => [now()],
      documents: () => undefined,
      commands: () => commands,
      // The rest is for commands that this file does not run.
    } as unknown as Asked['context'],
    incidentOf: async (id) =>
      id === 'INC-7' || (id === undefined && inside)
        ? ({
            incident: now(),
            change: async (decide: (incident: Incident) => IncidentEvent[]) => {
              const decided = decide(now())
              events.push(...decided)
              return { incident: now(), events: decided.map((event, i) => ({ ...event, seq: i, recordedAt: at })) }
            },
            events: async () => [],
          } as unknown as Awaited<ReturnType<Asked['incidentOf']>>)
        : undefined,
  }
  return { asked, events, types: () => events.slice(1).map(({ type }) => type) }
}

const said = (answer: Answer): string =>
  answer.kind === 'reply' ? answer.reply.lines.map((line) => plain(line)).join('\n') : answer.kind

test('a file in commands/ is a sub-command by its name', () => {
  expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['declare', 'assign', 'note', 'resolve']))
  expect(new Set(commands.flatMap(({ name, aliases = [] }) => [name, ...aliases])).size).toBe(
    commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]).length,
  )
})

describe('what is typed', () => {
  test.each([['note the pool is full'], ['NOTE the pool is full'], ['  log   the pool is full']])(
    '%j is a note',
    async (text) => {
      const { asked, events } = somebody()
      expect(said(await interpret(commands, text, asked))).toBe('Noted.')
      expect(events.at(-1)).toMatchObject({ type: 'noted', text: 'the pool is full', by: dana })
    },
  )

  test('a line break in a note is kept', async () => {
    const { asked, events } = somebody()
    await interpret(commands, 'note first\nsecond', asked)
    expect(events.at(-1)).toMatchObject({ text: 'first\nsecond' })
  })

  test('an incident named by its number is acted on from anywhere, in either case', async () => {
    const { asked, types } = somebody({ inside: false })
    await interpret(commands, 'severity inc-7 sev1 everybody is hit', asked)
    expect(types()).toEqual(['severity_changed'])
  })

  test('one that is not there, or not to be seen, is said not to be there', async () => {
    const { asked } = somebody({ inside: false })
    expect(said(await interpret(commands, 'resolve INC-99 done', asked))).toContain(
      'There is no INC-99 that you can see',
    )
  })

  test('outside of an incident it says where it works, and records nothing', async () => {
    const { asked, types } = somebody({ inside: false })
    expect(said(await interpret(commands, 'resolve done', asked))).toContain('/incident resolve works in an incident')
    expect(types()).toEqual([])
  })

  test('nothing is the form to declare outside, and help inside', async () => {
    expect(await interpret(commands, '', somebody({ inside: false }).asked)).toMatchObject({
      kind: 'form',
      command: 'declare',
    })
    expect(said(await interpret(commands, '  ', somebody().asked))).toContain('/incident')
  })

  test.each([
    ['reslove', 'Did you mean /incident resolve?'],
    ['statsu', 'Did you mean /incident status?'],
    ['xyzzyxyzzy', '/incident help lists what there is.'],
  ])('%s is answered with what is near', async (text, expected) => {
    expect(said(await interpret(commands, text, somebody().asked))).toContain(expected)
  })

  test('a name out of the language\u2019s own drawers is no sub-command', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(said(await interpret(commands, name, somebody().asked))).toContain('There is no')
  })

  test('a mistake says what is expected and how it is typed', async () => {
    const { asked, types } = somebody()
    expect(said(await interpret(commands, 'assign commander dana', asked))).toBe(
      'mention one person, like @dana, or say `me`. Usage: /incident assign <role> <@person|me>',
    )
    expect(types()).toEqual([])
  })

  test('a refusal is an answer, not an accident', async () => {
    const { asked } = somebody()
    await interpret(commands, 'resolve done', asked)
    expect(said(await interpret(commands, 'assign commander me', asked))).toContain('INC-7 is resolved')
  })
})

describe('a form', () => {
  test('is asked for where nothing was typed, and remembers its incident', async () => {
    expect(await interpret(commands, 'severity', somebody().asked)).toMatchObject({
      kind: 'form',
      command: 'severity',
      incident: 'INC-7',
    })
  })

  test('acts on the incident it was opened for, wherever the person is now', async () => {
    const { asked, types } = somebody({ inside: false })
    await submit(commands, 'severity', { severity: 'sev1', reason: null }, asked, 'INC-7')
    expect(types()).toEqual(['severity_changed'])
  })

  test('comes back with its mistakes, each at its field', async () => {
    const { asked, types } = somebody()
    const answer = await submit(commands, 'note', { text: '  ' }, asked)
    expect(answer).toEqual({ kind: 'errors', errors: { text: 'say what happened' } })
    expect(types()).toEqual([])
  })
})

test('a mention is read in both of Slack\u2019s spellings', () => {
  expect(Mention.parse('<@U0DANA0001>')).toBe(dana)
  expect(Mention.parse('<@U0DANA0001|dana>')).toBe(dana)
  expect(Mention.safeParse('@dana').success).toBe(false)
})
