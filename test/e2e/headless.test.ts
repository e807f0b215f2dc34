import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from './stack.ts'

const folders: string[] = []
/** Runs the demo without its page. Rejects for any exit code but 0. */
const playHeadless = async (...options: string[]): Promise<{ folder: string; output: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-headless-'))
  folders.push(folder)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'bin/muster.js'), 'demo', '--headless', '--keep', folder, ...options],
    { cwd: ROOT, env: { PATH: process.env.PATH ?? '' }, timeout: 90_000 },
  )
  return { folder, output: stdout }
}

let folder = ''
let output = ''
beforeAll(async () => {
  const played = await playHeadless()
  folder = played.folder
  output = played.output
}, 100_000)
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

const text = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('the headless demo, from the page to the postmortem', () => {
  test('prints the story and where it wrote the documents', () => {
    for (const format of ['md', 'html', 'json']) expect(output).toContain(`INC-1-postmortem.${format}`)
  })

  test('writes Markdown with headings in order and no template markers left', () => {
    const markdown = text('INC-1-postmortem.md')
    const headings = [...markdown.matchAll(/^#{1,2} (.+)$/gm)].map(([, heading]) => heading)
    expect(headings[0]).toMatch(/^Postmortem INC-1: /)
    expect(headings.slice(1)).toEqual([
      ...['Date', 'Authors', 'Status', 'Summary', 'Impact', 'Root Causes', 'Trigger', 'Resolution', 'Detection'],
      ...['Action Items', 'Lessons Learned', 'Numbers', 'Evidence', 'Timeline'],
    ])
    expect(markdown).not.toMatch(/\{\{|\{%|%\}|\}\}|undefined|\[object |NaN|<@U|<!date/)
    for (const [, image] of markdown.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
      expect(existsSync(join(folder, image as string)), image).toBe(true)
  })

  test('writes the HTML page as one file: images inlined, no script', () => {
    const html = text('INC-1-postmortem.html')
    const sources = [...html.matchAll(/<img[^>]*\ssrc="([^"]*)"/g)].map(([, source]) => source as string)
    expect(sources.length).toBeGreaterThan(0)
    for (const source of sources) expect(source).toMatch(/^data:image\/png;base64,iVBOR/)
    expect(html).not.toMatch(/<script|\son\w+=|<link[^>]+href="http/i)
  })

  test('writes valid JSON', () => {
    expect(JSON.parse(text('INC-1-postmortem.json'))).toBeTypeOf('object')
  })
})

test('plays the story named on the command line once', { timeout: 100_000 }, async () => {
  const played = await playHeadless('--scenario', 'interceptor-loop')
  expect(readdirSync(played.folder).filter((file) => file.endsWith('.md'))).toEqual(['INC-1-postmortem.md'])

  // The postmortem of that night as its authors wrote it, heading by heading.
  const markdown = readFileSync(join(played.folder, 'INC-1-postmortem.md'), 'utf8')
  const section = (name: string) =>
    new RegExp(`^#{2,3} ${name}\\n([\\s\\S]*?)(?=^#{2,3} )`, 'm').exec(markdown)?.[1] ?? ''
  expect(section('Date')).toContain('(08:06 to 09:31, America/Los_Angeles)')
  expect(section('Summary')).toContain('High latency and a node crash, caused by a for loop in the interceptor layer.')
  expect(section('Impact')).toContain('High latency for about 6 minutes; alerting down for about 40 minutes.')
  expect(section('Impact')).toMatch(/"P90 latency" was out of its usual range for 6 min/)
  expect(section('Root Causes')).toContain(
    'A loop in the interceptor layer sent large amounts of unneeded logs to Loki.',
  )
  expect(section('Trigger')).toContain('The loop ran 5,000 times per request, raising latency and memory.')
  expect(section('Resolution')).toContain('Loop removed, new image built and rolled out; after the node rebooted,')
  expect(section('Resolution')).toMatch(/Rolled back at 16:1\d UTC: \*\*api to main@3e81f7b in production/)
  expect(section('Detection')).toContain('An engineer saw the latency spike.')
  const actions = [...section('Action Items').matchAll(/^\| ([^|]+) \| (\w+) \| [^|]+ \|.* (done|open) \|$/gm)]
  expect(actions.map(([, item, type]) => [item, type])).toEqual([
    ['Roll back the image', 'mitigate'],
    ['Fix the error in the interceptors', 'corrective'],
    ['Build the fixed image', 'corrective'],
    ['Roll the fixed image out', 'preventative'],
    ['Update Helm for Prometheus and Loki', 'corrective'],
    ['Alert on cluster conditions', 'preventative'],
  ])
  expect(actions.map((row) => row[3])).toEqual(['done', 'done', 'done', 'done', 'done', 'open'])
  expect(section('What went well')).toContain('The code issue was fixed quickly')
  expect(section('What went wrong')).toContain('The node crash took the logs with it')
  expect(section('Where we got lucky')).toContain('The previous image could be rolled back quickly')
  expect(markdown).not.toContain('Not known yet')
})
