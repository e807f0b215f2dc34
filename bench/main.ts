import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { type Result, tableOf } from './result.ts'

const FILE = new URL('results/latest.json', import.meta.url)

/** A part returns its result, or prints and keeps its own figures. */
type Part = { run(): unknown }

/** The parts, in the order of `npm run bench`; each is loaded when it runs. */
const parts: Record<string, () => Promise<Part>> = {
  intake: () => import('./intake.ts'),
  trips: () => import('./trips.ts'),
  append: () => import('./append.ts'),
  history: () => import('./history.ts'),
  start: () => import('./start.ts'),
  gap: () => import('./gap.ts'),
  storm: () => import('./storm.ts'),
  suspects: () => import('./suspects.ts'),
  'suspects-live': () => import('./suspects-live.ts'),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')} here. There are: ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

/** Results of earlier runs of the other parts. */
const earlier = (): Record<string, unknown> => {
  try {
    return (JSON.parse(readFileSync(FILE, 'utf8')) as { parts: Record<string, unknown> }).parts
  } catch {
    return {}
  }
}

const figures = earlier()
for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
  const { run } = await parts[name]!()
  const result = (await run()) as Result | undefined
  if (!result) continue
  figures[name] = { measuredAt: new Date().toISOString(), ...result.figures }
  console.log(`\n${result.name}: ${result.about}\n${tableOf(result)}`)
}
mkdirSync(new URL('.', FILE), { recursive: true })
const machine = { node: process.version, cpu: cpus()[0]?.model, cores: availableParallelism() }
writeFileSync(FILE, `${JSON.stringify({ machine, parts: figures }, null, 2)}\n`)
