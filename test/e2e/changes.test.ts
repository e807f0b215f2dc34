import { expect, onTestFinished, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { startStack, textOf, until } from './stack.ts'

test('highlights a change of the alerting service or of one of its dependencies', async () => {
  const services = {
    till: { name: 'Till', pagerdutyService: 'PSVCPAY', dependsOn: ['ledger'] },
    ledger: {},
    blog: {},
  }
  const stack = await startStack({ file: { services } })
  onTestFinished(() => stack.stop())
  const change = async (service: string, version = 'v7', minutesAgo = 0) => {
    const response = await fetch(`${stack.musterUrl}/webhooks/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SANDBOX_SECRETS.webhook}` },
      body: JSON.stringify({
        service,
        title: `Deployed ${service} ${version}`,
        at: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      }),
    })
    expect(response.status).toBe(202)
  }
  // The related one is the oldest, with more of others after it than a summary shows.
  await change('till', 'v7', 10)
  for (let i = 1; i <= 7; i++) await change('blog', `v7.${i}`, 1)
  await stack.page('latency', 'PSVCPAY', 'The till is slow')
  await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  // One that comes while it goes on: only those that may have to do with it are told.
  for (const service of ['ledger', 'blog']) await change(service)
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  const summary = textOf(stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
  expect(summary).toContain('Deployed till v7 \u00b7 *till, the alerting service*')
  expect(summary).toContain('Deployed ledger v7 \u00b7 *ledger, which till depends on*')
  expect(summary).toMatch(/Deployed blog v7\.\d \u00b7 blog \u00b7/)
})

test('says so when nothing related has changed', async () => {
  const services = { till: { name: 'Till', pagerdutyService: 'PSVCPAY' } }
  const stack = await startStack({ file: { services } })
  onTestFinished(() => stack.stop())
  await stack.page('latency', 'PSVCPAY', 'The till is slow')
  await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  const summary = textOf(stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
  expect(summary).toContain('No change reported for Till or what it depends on in the 6 h before it began')
})

test('shows an ArgoCD deploy as one line of the summary, from deploying to rolled back', async () => {
  const services = { till: { name: 'Till', pagerdutyService: 'PSVCPAY' } }
  const stack = await startStack({ file: { services } })
  onTestFinished(() => stack.stop())
  const startedAt = new Date(Date.now() - 5 * 60_000).toISOString()
  const send = async (phase: string, revision: string, history: string[], started = startedAt) => {
    const operation = {
      phase,
      startedAt: started,
      ...(phase === 'Running' ? {} : { finishedAt: new Date().toISOString() }),
      operation: { initiatedBy: { username: 'dana' }, sync: { revision } },
    }
    const body = { app: 'till', namespace: 'shop', operation, history: history.map((revision) => ({ revision })) }
    const response = await fetch(`${stack.musterUrl}/webhooks/changes/argocd`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-muster-token': SANDBOX_SECRETS.webhook },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(202)
    await stack.settled()
  }
  const [older, newer] = ['a'.repeat(40), 'b'.repeat(40)]
  await send('Running', newer, [older])
  await stack.page('latency', 'PSVCPAY', 'The till is slow')
  await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  const changesShown = () => {
    const channel = stack.incidentChannel(1)!
    const summary = textOf(stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
    return summary.split('\n').filter((line) => /deploy|roll/i.test(line) && line.includes('till'))
  }
  expect(changesShown()).toEqual([
    expect.stringContaining('Deploying till bbbbbbb \u00b7 *till, the alerting service* by dana'),
  ])
  await send('Succeeded', newer, [older, newer])
  expect(changesShown()).toEqual([expect.stringContaining('Deployed till bbbbbbb \u00b7')])
  await send('Succeeded', older, [older, newer, older], new Date().toISOString())
  expect(changesShown().toSorted()).toEqual([
    expect.stringMatching(/:leftwards_arrow_with_hook: Rolled back till to aaaaaaa/),
    expect.stringMatching(/Deployed till bbbbbbb .*\*rolled back\*$/),
  ])
})

test('a deploy that failed later is shown at its start, before the fix that followed', async () => {
  const services = { till: { name: 'Till', pagerdutyService: 'PSVCPAY' } }
  const stack = await startStack({ file: { services } })
  onTestFinished(() => stack.stop())
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  const change = (body: object) =>
    fetch(`${stack.musterUrl}/webhooks/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SANDBOX_SECRETS.webhook}` },
      body: JSON.stringify({ service: 'till', ...body }),
    })
  await change({ id: 'd7', title: 'Deploy till v7', outcome: 'started', at: at(-2) })
  await stack.page('latency', 'PSVCPAY', 'The till is slow')
  await until('the incident', () => stack.incidentChannel(1))
  await change({ id: 'd7', title: 'Deploy till v7', outcome: 'failed', at: at(0.5) })
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  const summary = textOf(stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
  expect(summary).toMatch(/:x: .*Deploy till v7.* 2 min before it began, failed \d+ s after/)
})
