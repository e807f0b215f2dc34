import { exitOnUnhandled } from '../../src/cli/unhandled.ts'
import { createLog } from '../../src/platform/log.ts'

/** Fails in the way its argument names, then lives on for a moment and says so. */
exitOnUnhandled(createLog('info'))
const slackError = Object.assign(new Error('invalid_auth'), {
  stack:
    'Error: invalid_auth\n    at async SocketModeClient.start (/app/node_modules/@slack/socket-mode/dist/x.js:1:1)',
})
const failures: Record<string, () => void> = {
  rejection: () => void Promise.reject(new TypeError('x is not a function')),
  text: () => void Promise.reject('nothing but text'),
  exception: () => setImmediate(() => (undefined as unknown as { boom(): void }).boom()),
  'slack-nothing': () => void Promise.reject(undefined),
  'slack-error': () => void Promise.reject(slackError),
}
failures[process.argv[2] ?? '']?.()
setTimeout(() => console.log('alive'), 200)
