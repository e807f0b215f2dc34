import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What the image carries: a production install without the sandbox. */
const CARRIED = ['bin', 'src', 'commands', 'templates', 'migrations', 'package.json', 'manifest.yml']

let installation: string
beforeAll(() => {
  installation = mkdtempSync(join(tmpdir(), 'muster-installed-'))
  for (const name of CARRIED) cpSync(join(ROOT, name), join(installation, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(installation, 'node_modules'))
})
afterAll(() => rmSync(installation, { recursive: true, force: true }))

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installation, 'bin/muster.js'), ...args], {
    cwd: installation,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: `sqlite:${join(installation, 'muster.db')}` },
  })
  return { status, stdout, stderr }
}

test('without the sandbox, `muster demo` says in one sentence how to get it', () => {
  const { status, stderr } = run('demo')
  expect(status).toBe(1)
  expect(stderr).toContain('`npm ci && npm run demo`')
  expect(stderr).toContain('`docker build --target demo`')
  expect(stderr).not.toContain('    at ')
})

test('everything else works without the sandbox', () => {
  expect(run('migrate')).toMatchObject({ status: 0, stderr: expect.stringMatching(/^Applied 0001_incidents/) })
  expect(run('config', 'check')).toMatchObject({ status: 0, stdout: expect.stringContaining('The settings are') })
  expect(run('serve')).toMatchObject({ status: 1, stderr: expect.stringContaining('Set SLACK_BOT_TOKEN') })
  expect(run('doctor').stdout).toContain('ok    database: sqlite, 0 effects waiting')
})
