import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('unhandled-program.ts', import.meta.url))
const run = (failure: string) => {
  const { status, stdout } = spawnSync(process.execPath, [program, failure], { encoding: 'utf8' })
  return { status, stdout }
}

test.each([
  ['rejection', 'x is not a function'],
  ['text', 'rejected with \\"nothing but text\\"'],
  ['exception', 'Cannot read properties of undefined'],
])('an unhandled %s is logged with its stack and exits the process', (failure, message) => {
  const { status, stdout } = run(failure)
  expect(status).toBe(1)
  const line = stdout.split('\n')[0] ?? ''
  expect(line).toContain(message)
  expect(JSON.parse(line).error.stack).toContain('    at ')
  expect(stdout).not.toContain('alive')
})

test("an unhandled rejection from Slack's socket client does not exit the process", () => {
  expect(run('slack-nothing')).toEqual({ status: 0, stdout: 'alive\n' })
  const refused = run('slack-error')
  expect(refused.status).toBe(0)
  expect(refused.stdout).toContain('restart Muster')
  expect(refused.stdout).toContain('alive')
})
