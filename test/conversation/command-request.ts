import { afterAll, beforeAll } from 'vitest'
import { MusterFile } from '../../src/config/muster-file.ts'
import { type Command, readCommands } from '../../src/conversation/command.ts'
import type { Request } from '../../src/conversation/interpret.ts'
import { type Declaration, declare } from '../../src/incident/decide.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import type { Answer } from '../../src/incident/form.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { plain } from '../../src/incident/phrase.ts'
import { Service } from '../../src/incident/service.ts'
import { createLearning } from '../../src/learning/learning.ts'
import { createLog } from '../../src/platform/log.ts'
import { openStore, type Store } from '../../src/store/store.ts'

export const at = Date.UTC(2026, 10, 21, 2, 30)
export const dana = 'U0DANA0001'
const { severities, roles } = MusterFile.parse({})
const catalogue = new Map([
  ['payments-db', Service.parse({ id: 'payments-db', name: 'Payments DB', aliases: ['pdb'] })],
  ['checkout', Service.parse({ id: 'checkout', name: 'Checkout' })],
])

export let commands: Command[]
let store: Store
let learning: ReturnType<typeof createLearning>
beforeAll(async () => {
  commands = await readCommands()
  store = await openStore('sqlite::memory:', () => at)
  learning = createLearning({ store, catalogue, severities, now: () => at, log: createLog('silent') })
})
afterAll(() => store.close())

/** Somebody in the channel of INC-7, or elsewhere; what was recorded is in `events`. */
export const somebody = ({ inside = true }: { inside?: boolean } = {}) => {
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
      insightsPage: async () => undefined,
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

export const replyText = (answer: Answer): string =>
  answer.kind === 'reply' ? answer.reply.lines.map((line) => plain(line)).join('\n') : answer.kind
