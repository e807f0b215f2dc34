import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLearning } from '../../src/learning/learning.ts'
import { createLog } from '../../src/platform/log.ts'
import { act, declared } from '../incident/facts.ts'
import { storedLog } from '../postmortem/log.ts'

const CASE = new URL('../fixtures/suspects/connection-collapse.json', import.meta.url)
/** Written in a note of INC-1. */
export const SECRET = `${'xox'}b-1234567890-abcdefghij`

/** What the program is started with. */
export type Environment = { DATABASE_URL: string; MUSTER_CONFIG: string; PATH: string; LOG_LEVEL: string }

/**
 * A database in `folder` with what assistants may ask about: INC-1 is a night with evidence, a conversation of 45
 * messages by `member`, and a secret in a note; INC-2 is private to `member`; thirty more are like one another.
 * @returns the environment in which the program finds it.
 */
export const seedNight = async (folder: string, member: string): Promise<Environment> => {
  const database = `sqlite:${join(folder, 'muster.db')}`
  const settings = join(folder, 'muster.yaml')
  writeFileSync(
    settings,
    'services:\n  web: { dependsOn: [shipping] }\n  shipping: { name: Shipping, dependsOn: [mysql] }\n  mysql: {}\n',
  )
  // INC-1: a night with evidence; INC-2: private; INC-3: a likeness with a fix.
  const { store, names } = await storedLog('connection-collapse', database)
  for (const [id, name] of Object.entries(names)) await store.remember(`slack:person:${id}`, JSON.stringify({ name }))
  const hash = await store.freeze({ kind: 'case', body: readFileSync(CASE, 'utf8') })
  await store.write({
    to: 'INC-1',
    decide: () => [
      { ...act(), type: 'noted', text: `Found token=${SECRET} in the log` },
      {
        ...act(),
        type: 'suspects_ranked',
        trigger: 'asked',
        label: 'likely',
        facts: [],
        problems: [],
        leftOut: 0,
        suspects: [
          {
            service: 'mysql',
            label: 'likely',
            score: 3.21,
            explains: ['shipping'],
            virtual: false,
            signals: [{ text: 'connections 41 → 100 (limit 100)' }],
          },
        ],
        read: { series: 11, of: 11 },
        services: 5,
        case: hash,
      },
    ],
  })
  await store.write({ to: 'new', decide: () => [declared({ title: 'Payroll leak', private: true, by: member })] })
  for (let i = 0; i < 30; i++)
    await store.write({ to: 'new', decide: () => [declared({ title: `Basket trouble ${i}`, severity: 'sev3' })] })
  await store.remember(`slack:person:${member}`, JSON.stringify({ name: 'Dana Whitfield' }))
  for (let i = 0; i < 45; i++) {
    const at = Date.UTC(2026, 2, 14, 3, i)
    const ts = `${at / 1000}.000100`
    await store.messages.keep('INC-1', { channel: 'C0INC00001', ts, at, author: member, text: `Look at gauge ${i}` })
  }
  await createLearning({
    store,
    catalogue: new Map(),
    severities: [],
    now: Date.now,
    log: createLog('silent'),
  }).insights({
    from: 0,
    to: 1,
  })
  await store.close()
  return { DATABASE_URL: database, MUSTER_CONFIG: settings, PATH: process.env.PATH ?? '', LOG_LEVEL: 'trace' }
}
