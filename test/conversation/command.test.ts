import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MusterFile } from '../../src/config/muster-file.ts'
import { type Command, Mention, readCommands } from '../../src/conversation/command.ts'
import { interpret, type Request, submit } from '../../src/conversation/interpret.ts'
import { type Declaration, declare } from '../../src/incident/decide.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import type { Answer } from '../../src/incident/form.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { plain } from '../../src/incident/phrase.ts'
import { Service } from '../../src/incident/service.ts'
import { createLearning } from '../../src/learning/learning.ts'
import { createLog } from '../../src/platform/log.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { channelOpened } from '../incident/facts.ts'

const at = Date.UTC(2026, 10, 21, 2, 30)
const dana = 'U0DANA0001'
const { severities, roles } = MusterFile.parse({})
const catalogue = new Map([
  ['payments-db', Service.parse({ id: 'payments-db', name: 'Payments DB', aliases: ['pdb'] })],
  ['checkout', Service.parse({ id: 'checkout', name: 'Checkout' })],
])

let commands: Command[]
let store: Store
let learning: ReturnType<typeof createLearning>
beforeAll(async () => {
  commands = await readCommands()
  store = await openStore('sqlite::memory:', () => at)
  learning = createLearning({ store, catalogue, now: () => at, log: createLog('silent') })
})
afterAll(() => store.close())

/** Somebody in the channel of INC-7, or elsewhere; what was recorded is in `events`. */
const somebody = ({ inside = true }: { inside?: boolean } = {}) => {
  const events: IncidentEvent[] = declare({ title: 'Checkout is slow', severity: 'sev2' }, { by: dana, at })
  const now = (): Incident => replay('INC-7', events)
  const request: Request = {
    context: {
      act: { by: dana, at },
      canPage: false,
      requestAccess: async () => {},
      learning: {
        similar: (incident: Incident) => learning.similar(incident),
        find: (text: string) => learning.find(text, () => true),
        insights: learning.insights,
        playbook: learning.playbooks.offer,
        keepPlaybook: (incident: Incident, edit: never) => learning.playbooks.save(incident, edit, { by: dana, at }),
      },
      evidenceSources: [],
      pause: { pause: async ({ minutes }: { minutes: number }) => ({ until: at + minutes * 60_000, announced: true }) },
      withNames: async (text: string) => text,
      find: async (id: string) =>
        id === 'INC-7' ? now() : id === 'INC-9' ? replay('INC-9', events.slice(0, 1)) : undefined,
      channel: inside ? 'C0INC00007' : 'C0GENERAL1',
      vocabulary: { severities, roles, catalogue },
      timezone: async () => 'Asia/Tokyo',
      declare: async (declaration: Declaration) => {
        events.splice(0, events.length, ...declare(declaration, { by: dana, at }))
        return now()
      },
      list: async () => [now()],
      documents: () => undefined,
      commands: () => commands,
    } as unknown as Request['context'],
    permit: async () => {},
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
          } as unknown as Awaited<ReturnType<Request['incidentOf']>>)
        : undefined,
  }
  return { request, events, types: () => events.slice(1).map(({ type }) => type) }
}

const said = (answer: Answer): string =>
  answer.kind === 'reply' ? answer.reply.lines.map((line) => plain(line)).join('\n') : answer.kind

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
      expect(said(await interpret(commands, text, request))).toBe('Noted.')
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
    expect(said(await interpret(commands, 'resolve INC-99 done', request))).toContain(
      'There is no INC-99 that you can see',
    )
  })

  test('outside an incident channel, says where the command works and records nothing', async () => {
    const { request, types } = somebody({ inside: false })
    expect(said(await interpret(commands, 'resolve done', request))).toContain('/incident resolve works in an incident')
    expect(types()).toEqual([])
  })

  test('no input opens the declare form outside an incident channel, and help inside', async () => {
    expect(await interpret(commands, '', somebody({ inside: false }).request)).toMatchObject({
      kind: 'form',
      command: 'declare',
    })
    expect(said(await interpret(commands, '  ', somebody().request))).toContain('/incident')
  })

  test.each([
    ['reslove', 'Did you mean /incident resolve?'],
    ['statsu', 'Did you mean /incident status?'],
    ['xyzzyxyzzy', '/incident help lists all commands.'],
  ])('%s gets a suggestion of similar sub-commands', async (text, expected) => {
    expect(said(await interpret(commands, text, somebody().request))).toContain(expected)
  })

  test('a name from Object.prototype is not a sub-command', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(said(await interpret(commands, name, somebody().request))).toContain('There is no')
  })

  test('invalid input is answered with what is expected and the usage', async () => {
    const { request, types } = somebody()
    expect(said(await interpret(commands, 'assign commander dana', request))).toBe(
      'Mention one person, like @dana, or say me. Usage: /incident assign <role> <@person|me>',
    )
    expect(types()).toEqual([])
  })

  test('a refusal is shown to the person, not logged as an error', async () => {
    const { request } = somebody()
    await interpret(commands, 'resolve done', request)
    expect(said(await interpret(commands, 'assign commander me', request))).toContain('INC-7 is resolved')
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
    expect(said(await interpret(commands, text, request))).toContain(reply)
    expect(events.at(-1)).toMatchObject(event)
  })
})

describe('invalid input gets one clear sentence and records nothing', () => {
  test.each([
    ['declare sev9 Login broken', 'There is no severity sev9. Choose one of sev1, sev2, sev3, sev4.'],
    ['note 25:99 it broke', '25:99 it is not a time.'],
    ['note 2026-02-31 10:00 it broke', '2026-02-31 10:00 is not a time.'],
    ['note 13:30pm it broke', '13:30pm it is not a time.'],
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
  ])('%s', async (text, reply) => {
    const { request, types } = somebody()
    expect(said(await interpret(commands, text, request))).toContain(reply)
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
        const reply = said(await interpret(commands, `${name} ${text}`, somebody().request))
        expect(reply, `${name} ${text.slice(0, 20)}`).not.toMatch(
          /Too (big|small)|Invalid (input|option)|expected (string|number|int)|NaN|undefined/,
        )
      }
  })
})

describe('merge', () => {
  test('inside a channel, merges its incident into the named one', async () => {
    const { request, events } = somebody()
    expect(said(await interpret(commands, 'merge INC-9', request))).toContain('INC-7 is merged into INC-9')
    expect(events.at(-1)).toMatchObject({ type: 'status_changed', status: 'merged', into: 'INC-9' })
  })

  test('from anywhere, takes both: the first is merged into the second', async () => {
    const { request, events } = somebody({ inside: false })
    expect(said(await interpret(commands, 'merge INC-7 INC-9', request))).toContain('INC-7 is merged into INC-9')
    expect(events.at(-1)).toMatchObject({ status: 'merged', into: 'INC-9' })
    expect(said(await interpret(commands, 'merge INC-9', request))).toContain('/incident merge INC-7')
  })
})

describe('the service', () => {
  test('is set by id, name or alias, and runs every look-up that opening would', async () => {
    for (const text of ['service payments-db', 'service Payments DB', 'service PDB']) {
      const { request, events } = somebody()
      expect(said(await interpret(commands, text, request))).toContain('INC-7 is now about Payments DB.')
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
    expect(said(await interpret(commands, 'service pdb', request))).toBe('INC-7 is already about Payments DB.')
  })

  test('is guessed from the title, or offered as a menu', async () => {
    const { request, events } = somebody()
    expect(said(await interpret(commands, 'declare the payments db is slow', request))).toContain('for Payments DB')
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
