import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Env } from '../src/config/config.ts'
import { readMusterFile } from '../src/config/read-muster-file.ts'
import { readCommands } from '../src/conversation/command.ts'
import { createMetrics } from '../src/platform/metrics.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const root = new URL('../', import.meta.url)

describe('the documentation', () => {
  test('lists every sub-command with its usage', async () => {
    const page = read('docs/commands.md')
    const commands = await readCommands()
    expect(commands.length).toBeGreaterThan(15)
    for (const { name } of commands) expect(page, name).toMatch(new RegExp(`^\\| .*\`${name}[ \`]`, 'm'))
  })

  test('documents every setting', () => {
    const page = read('docs/settings.md')
    for (const name of Object.keys(Env.shape)) expect(page, name).toMatch(new RegExp(`^\\| .*\`${name}\``, 'm'))
  })

  test('lists every webhook, each with a page on what to configure at the sender', () => {
    const page = read('docs/cli.md')
    for (const path of ['pagerduty', 'alertmanager', 'grafana', 'alerts/<name>', 'github', 'changes'])
      expect(page).toContain(`POST /webhooks/${path}`)
    for (const source of readdirSync(new URL('docs/sources/', root)))
      expect(read('README.md'), source).toContain(`docs/sources/${source}`)
  })

  test('links only to existing files', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      ...globSync('docs/**/*.md', { cwd: fileURLToPath(root) }),
    ]
    expect(pages.length).toBeGreaterThan(20)
    for (const page of pages)
      for (const [, link] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g))
        expect(existsSync(new URL(link as string, new URL(page, root))), `${page}: ${link}`).toBe(true)
  })
})

test('muster.example.yaml is valid and shows every member', () => {
  const text = read('muster.example.yaml')
  const result = readMusterFile(text)
  expect(result).not.toHaveProperty('mistakes')
  if ('file' in result)
    for (const member of Object.keys(result.file)) expect(text).toMatch(new RegExp(`^${member}:`, 'm'))
})

test('every metric is listed in docs/metrics.md', async () => {
  const page = read('docs/metrics.md')
  const own = (await createMetrics().registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => !/process|nodejs/.test(name))
  expect(own.length).toBeGreaterThan(8)
  for (const name of own) expect(page, name).toContain(`\`${name}\``)
})
