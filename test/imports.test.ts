import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * The table of rooms, from the ground floor up: what each folder may import of the others. It is the table of
 * CONTRIBUTING.md. `src` stands for the files directly in it: the command line and what assembles the program.
 */
const ROOMS: Record<string, readonly string[]> = {
  'src/incident': [],
  'src/topology': ['src/incident'],
  'src/suspects': ['src/incident', 'src/topology'],
  'src/evidence': ['src/incident', 'src/suspects'],
  'src/charts': ['src/incident'],
  'src/store': ['src/incident'],
  'src/platform': ['src/incident'],
  'src/config': ['src/incident', 'src/platform'],
  'src/postmortem': ['src/incident', 'src/store', 'src/platform', 'src/evidence'],
  'src/learning': ['src/incident', 'src/store', 'src/platform', 'src/postmortem'],
  'src/engine': ['src/incident', 'src/store', 'src/platform', 'src/suspects', 'src/topology', 'src/evidence'],
  'src/intake': ['src/incident', 'src/store', 'src/platform', 'src/engine', 'src/topology'],
  'src/conversation': ['src/incident', 'src/store', 'src/platform', 'src/engine'],
  'src/assistants': [
    'src/incident',
    'src/store',
    'src/platform',
    'src/suspects',
    'src/evidence',
    'src/postmortem',
    'src/learning',
    'src/conversation',
  ],
  'src/http': ['src/incident', 'src/platform'],
  'src/integrations/*': ['src/incident', 'src/platform', 'src/suspects', 'src/topology', 'src/evidence'],
  commands: ['src/incident', 'src/conversation'],
  migrations: [],
  'src/cli': ['*'],
  src: ['*'],
  'sandbox/demo': ['*'],
  sandbox: ['src/incident'],
}

/** Outside a folder, only this file of it may be imported. */
const FRONT_DOOR: Record<string, string> = { 'src/store': 'src/store/store.ts' }
/** The core depends on nothing that acts: zod for shapes, hashing, which is a function like any other. */
const PURE_ROOMS = ['src/incident', 'src/suspects', 'src/topology']
const PURE_PACKAGES = ['zod', 'node:crypto']

type Import = { from: string; to: string; types: boolean }

/** Every import and export-from, static and dynamic. Specifiers stand in quotes after `from`, `import` or `import(`. */
const SPECIFIER =
  /(?:^|[\n;])\s*(?:import|export)(\s+type)?\b([^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

const files = globSync(['src/**/*.ts', 'sandbox/**/*.ts', 'commands/**/*.ts', 'migrations/**/*.ts'], { cwd: ROOT })
  .filter((file) => !file.startsWith('sandbox/page/'))
  .sort()
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))
const imports = [...sources].flatMap(([from, source]) =>
  [...source.matchAll(SPECIFIER)].map((match): Import => {
    const specifier = (match[3] ?? match[4]) as string
    const to = specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), specifier)) : specifier
    return { from, to, types: match[1] !== undefined }
  }),
)

const isPackage = (to: string) => !/^(src|sandbox|commands|migrations|package\.json)\b/.test(to)

/** The room a file is in: two vendors are two rooms of one kind. */
const roomOf = (file: string): { room: string; rule: string } => {
  const vendor = /^src\/integrations\/[^/]+(?=\/)/.exec(file)?.[0]
  if (vendor) return { room: vendor, rule: 'src/integrations/*' }
  const room = /^(src\/[^/]+|sandbox\/demo)(?=\/)/.exec(file)?.[1] ?? (file.split('/')[0] as string)
  return { room, rule: room }
}

const isAllowed = ({ from, to, types }: Import): boolean => {
  const here = roomOf(from)
  if (isPackage(to)) return !PURE_ROOMS.includes(here.room) || PURE_PACKAGES.includes(to)
  const there = roomOf(to)
  if (there.room === here.room) return true
  // Only the command line reaches the demo, and only when asked for it: an installation may come without.
  if (there.room === 'sandbox/demo') return from === 'src/main.ts'
  const may = ROOMS[here.rule]
  if (!may) return false
  if (may.includes('*')) return here.rule === 'sandbox/demo' || !there.room.startsWith('sandbox')
  if (here.rule === 'sandbox' && !types) return false
  const door = FRONT_DOOR[there.room]
  return may.includes(there.rule) && (door === undefined || door === to)
}

test('every import follows the table of rooms', () => {
  expect(imports.length).toBeGreaterThan(50)
  expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
})

test('every folder has a row in the table', () => {
  const rules = new Set(files.map((file) => roomOf(file).rule))
  expect([...rules].filter((rule) => !(rule in ROOMS))).toEqual([])
})

test('there are no circular imports, type imports included', () => {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) if (!isPackage(to)) next.set(from, [...(next.get(from) ?? []), to])
  const circles = new Set<string>()
  const done = new Set<string>()
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) {
      circles.add([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    if (done.has(file)) return
    for (const to of next.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  expect([...circles]).toEqual([])
})

test('every import resolves, with its full file name', () => {
  const missing = imports.filter(({ to }) => !isPackage(to) && !existsSync(join(ROOT, to)))
  expect(missing).toEqual([])
})

test('the table matches CONTRIBUTING.md', () => {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  const present = new Set(files.map((file) => roomOf(file).rule))
  for (const rule of present) expect(text, rule).toContain(`\`${rule.replace('/*', '/<vendor>')}/\``)
})

test('only the config reads the environment', () => {
  const readers = [...sources]
    .filter(([file]) => !file.startsWith('sandbox/'))
    .filter(([, source]) => /\bprocess\s*\.\s*env\b|\bprocess\[/.test(source))
    .map(([file]) => file)
  expect(readers.filter((file) => file !== 'src/config/config.ts')).toEqual([])
})

test('no file exceeds the line limit', () => {
  const long = [...sources].filter(([, source]) => source.split('\n').length > 301).map(([file]) => file)
  expect(long).toEqual([])
})
