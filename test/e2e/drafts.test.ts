import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { stories } from '../../sandbox/stories/stories.ts'
import { ROOT } from './stack.ts'

/** A Monday in the winter of every zone, so that each story's night is the same one every time. */
const DAY = '2026-01-05'

/** Plays a story as `npm run demo -- --headless` does, and returns the draft that it writes. */
const draftOf = async (story: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-draft-'))
  try {
    await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'bin/muster.js'), 'demo', '--headless', '--scenario', story, '--on', DAY, '--keep', folder],
      { cwd: ROOT, env: { PATH: process.env.PATH ?? '' }, timeout: 120_000 },
    )
    return readFileSync(join(folder, 'INC-1-postmortem.md'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Without what differs from run to run (ports, ids of messages, names of pictures) and without the appendix. */
const settled = (markdown: string): string =>
  markdown
    .replace(/\n### Appendix[\s\S]*?(?=\n---\n)/, '')
    .replace(/\]\(<http:\/\/127\.0\.0\.1:\d+[^>]*>\)/g, '](<graph>)')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .replace(/\(charts\/[0-9a-f]+\.png\)/g, '(charts/picture.png)')
    .replace(/\(https:\/\/[\w-]+\.slack\.com\/archives\/[^)]*\)/g, '(message)')

/** A time of day, or a number. */
const NUMBER = /\d\d:\d\d|\d+(?:\.\d+)?/g
/** Noise decides by minutes when a signal left its usual range. */
const MINUTES_APART = 5

/** When a value was worst: on a plateau its noise decides which minute that is. */
const WORST_AT = /(worst [^|\n]+?|\*\*[^*|]+\*\*) at \d\d:\d\d UTC/g

/** A number with how far apart it may lie in two drafts: minutes of a day, two hundredths or one of anything else. */
const numberOf = (text: string): { value: number; apart: number } => {
  const [hours, minutes] = text.split(':').map(Number)
  return minutes === undefined
    ? { value: Number(text), apart: Math.max(1, 0.02 * Number(text)) }
    : { value: Number(hours) * 60 + minutes, apart: MINUTES_APART }
}

/** A text's lines with their numbers masked, in an order that does not hang on a hair. */
const maskedLines = (text: string) =>
  text
    .replace(WORST_AT, '$1')
    .split('\n')
    .map((line) => ({ words: line.replace(NUMBER, '#'), numbers: (line.match(NUMBER) ?? []).map(numberOf) }))
    .sort((a, b) => a.words.localeCompare(b.words) || (a.numbers[0]?.value ?? 0) - (b.numbers[0]?.value ?? 0))

/**
 * Whether two texts differ in no line's words, and in no number by more than a hair: a story's clock runs on by the
 * milliseconds that its steps take, a graph is read where it stands then, and two signals that are equally far from
 * their usual range may change places.
 */
const readsAlike = (one: string, other: string): boolean => {
  const [lines, others] = [maskedLines(one), maskedLines(other)]
  return (
    lines.length === others.length &&
    lines.every(({ words, numbers }, i) => {
      const { words: wanted, numbers: known } = others[i] as (typeof others)[number]
      return (
        words === wanted && numbers.every(({ value, apart }, n) => Math.abs(value - (known[n]?.value ?? 0)) <= apart)
      )
    })
  )
}

// The draft of every story, to be read in review with a manager's and an engineer's eyes.
test.for(stories.map(({ id }) => id))(
  'the draft of %s matches its snapshot',
  { timeout: 130_000, retry: 2 },
  async (id, { skip }) => {
    const file = new URL(`../postmortem/snapshots/stories/${id}.md`, import.meta.url)
    const kept = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const draft = settled(await draftOf(id))
    // On a machine that is too busy the stand-in is given up, and the draft tells of evidence that is missing.
    if (/did not answer within \d+ s/.test(draft)) {
      if (process.env.MUSTER_REQUIRE_ALL === '1') throw new Error('Prometheus did not answer in time.')
      skip('Prometheus did not answer in time; the machine is too busy')
    }
    await expect(readsAlike(draft, kept) ? kept : draft).toMatchFileSnapshot(fileURLToPath(file))
  },
)
