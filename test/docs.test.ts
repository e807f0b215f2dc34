import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Env } from '../src/config/config.ts'
import { readMusterFile } from '../src/config/read-muster-file.ts'
import { readCommands } from '../src/conversation/command.ts'
import { createMetrics } from '../src/platform/metrics.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const readme = read('README.md')

describe('the README', () => {
  test('lists every sub-command with its usage', async () => {
    const commands = await readCommands()
    expect(commands.length).toBeGreaterThan(15)
    for (const { name } of commands) expect(readme, name).toMatch(new RegExp(`^\\| .*\`${name}[ \`]`, 'm'))
  })

  test('documents every setting', () => {
    for (const name of Object.keys(Env.shape)) expect(readme, name).toMatch(new RegExp(`^\\| .*\`${name}\``, 'm'))
  })

  test('lists every webhook, each with a page on what to configure at the sender', () => {
    for (const path of ['pagerduty', 'alertmanager', 'grafana', 'alerts/<name>', 'github', 'changes'])
      expect(readme).toContain(`POST /webhooks/${path}`)
    const pages = readdirSync(new URL('../docs/sources/', import.meta.url))
    for (const page of pages) expect(readme, page).toContain(`docs/sources/${page}`)
  })

  test('links only to existing files', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] as string)
    expect(links.length).toBeGreaterThan(5)
    for (const link of links) expect(existsSync(new URL(`../${link}`, import.meta.url)), link).toBe(true)
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
