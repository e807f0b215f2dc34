import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The files that put the program together may know every room; the order is theirs, each may import those below it. */
const ASSEMBLY = [
  'main',
  'demo',
  'demo-process',
  'demo-server',
  'offline',
  'muster',
  'doctor',
  'integrations',
  'suspects-cli',
]
/** The files directly in `src/`, each of which may import those below it. A new one takes its place here. */
const LAYERS = [
  ...ASSEMBLY,
  ...[
    'http',
    'webhooks',
    'request-body',
    'time-limit',
    'alert-moves',
    'alerts',
    'routing',
    'occurrences',
    'changes',
    'evidence',
    'reminders',
    'conversation',
    'postmortem',
    'command',
  ],
  ...['breaker', 'pause', 'outbox', 'record', 'config', 'muster-file', 'metrics', 'log'],
].map((name) => `src/${name}.ts`)

type Import = { from: string; to: string; types: boolean }

/** Every import and export-from, static and dynamic. Specifiers stand in quotes after `from`, `import` or `import(`. */
const SPECIFIER =
  /(?:^|[\n;])\s*(?:import|export)(\s+type)?\b([^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

const files = globSync(['src/**/*.ts', 'commands/**/*.ts', 'migrations/**/*.ts'], { cwd: ROOT }).sort()
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))
const imports = [...sources].flatMap(([from, source]) =>
  [...source.matchAll(SPECIFIER)].map((match): Import => {
    const specifier = (match[3] ?? match[4]) as string
    const to = specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), specifier)) : specifier
    return { from, to, types: match[1] !== undefined }
  }),
)

const isLayer = (file: string) => /^src\/[^/]+\.ts$/.test(file)
const room = (file: string): string =>
  /^(src\/integrations\/[^/]+\/|src\/[^/]+\/|commands\/|migrations\/)/.exec(file)?.[1] ?? file
const vendorPackage = (to: string) => !/^(src|commands|migrations|package\.json|test)\b/.test(to)

/** Hashing is a function like any other: the core checks signatures and names content with it. */
const PURE = ['node:crypto']

/** The table of rooms. */
const allowed = ({ from, to, types }: Import): boolean => {
  const here = room(from)
  if (here === 'src/incident/' || here === 'src/suspects/')
    return vendorPackage(to)
      ? to === 'zod' || PURE.includes(to)
      : room(to) === here || (here === 'src/suspects/' && room(to) === 'src/incident/')
  if (vendorPackage(to) || room(to) === here) return true
  if (here === 'src/store/' || here === 'src/charts/') return room(to) === 'src/incident/'
  // A folder that grew out of a file directly in `src/`, and keeps that file's rights.
  if (here === 'src/postmortem/')
    return room(to) === 'src/incident/' || ['src/store/store.ts', 'src/log.ts'].includes(to)
  if (here.startsWith('src/integrations/')) return room(to) === 'src/incident/'
  if (here === 'commands/') return room(to) === 'src/incident/' || to === 'src/command.ts'
  if (here === 'src/sandbox/') return room(to) === 'src/incident/' && types
  if (!isLayer(from)) return false
  if (isLayer(to)) return LAYERS.indexOf(to) > LAYERS.indexOf(from)
  if (room(to) === 'src/sandbox/') return from === 'src/main.ts' || from.startsWith('src/demo')
  if (ASSEMBLY.some((name) => from === `src/${name}.ts`)) return true
  return (
    ['src/incident/', 'src/suspects/', 'src/charts/', 'src/postmortem/'].includes(room(to)) ||
    to === 'src/store/store.ts'
  )
}

test('every import keeps to the rooms', () => {
  expect(imports.length).toBeGreaterThan(50)
  expect(imports.filter((one) => !allowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
})

test('every file directly in src has its place in the order', () => {
  expect(files.filter((file) => isLayer(file) && !LAYERS.includes(file))).toEqual([])
})

test('what is imported is there, by its whole name', () => {
  const missing = imports.filter(({ to }) => !vendorPackage(to) && !existsSync(join(ROOT, to)))
  expect(missing).toEqual([])
})

test('metrics and log are leaves', () => {
  const leaves = imports.filter(({ from }) => from === 'src/metrics.ts' || from === 'src/log.ts')
  expect(leaves.filter(({ to }) => !vendorPackage(to))).toEqual([])
})

test('only the settings read the environment', () => {
  const readers = [...sources]
    .filter(([, source]) => /\bprocess\s*\.\s*env\b|\bprocess\[/.test(source))
    .map(([file]) => file)
  expect(readers.filter((file) => file !== 'src/config.ts')).toEqual([])
})
