import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { createFakeSlack } from './server.ts'

/** Runs the fake Slack in its own process: for tests that kill the app but not Slack, and for manual experiments. */
const { values } = parseArgs({
  options: {
    manifest: { type: 'string', default: 'manifest.yml' },
    port: { type: 'string', default: '0' },
    'app-token': { type: 'string', default: 'xapp-sandbox' },
    'bot-token': { type: 'string', default: 'xoxb-sandbox' },
    'signing-secret': { type: 'string', default: 'sandbox' },
    'request-url': { type: 'string' },
    'ack-timeout-ms': { type: 'string', default: '3000' },
    'retry-delays-ms': { type: 'string', default: '0,60000,300000' },
  },
})

const requestUrl = values['request-url']
const slack = await createFakeSlack({
  manifest: parse(readFileSync(values.manifest, 'utf8')),
  port: Number(values.port),
  appToken: values['app-token'],
  botToken: values['bot-token'],
  signingSecret: values['signing-secret'],
  ackTimeoutMs: Number(values['ack-timeout-ms']),
  retryDelaysMs: values['retry-delays-ms'].split(',').map(Number),
  ...(requestUrl && { mode: { kind: 'http', requestUrl } }),
})

// A single line of JSON from which the parent process reads the address.
console.log(JSON.stringify({ url: slack.url, apiUrl: slack.apiUrl }))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await slack.stop()
    process.exit(0)
  })
}
