import { afterEach, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana } = people
let stack: Stack
afterEach(() => stack.stop())

/** A resolved incident's channel. */
const over = async (): Promise<string> => {
  stack = await startStack()
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 Checkout is slow')
  const { id } = await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  await stack.command(dana, id, 'resolve made the pool larger')
  await stack.settled()
  return id
}
const canvases = () => stack.sandbox.slack.dump().canvases
const channelText = (channel: string) => stack.messages(channel).map(textOf).join('\n')

test("the postmortem is written to the channel's canvas and follows every edit, without a second canvas", async () => {
  const channel = await over()
  await stack.command(dana, channel, 'postmortem canvas')
  const [first] = await until('the canvas', () => canvases().length > 0 && canvases())
  expect(first).toMatchObject({ channel, title: 'Postmortem INC-1' })
  expect(first?.markdown).toMatch(/^_Muster keeps this canvas up to date.*_\n\n# Postmortem INC-1: Checkout is slow\n/)
  await until('the link', () => channelText(channel).includes(`|a canvas of this channel>`))

  await stack.command(dana, channel, 'postmortem')
  const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana))
  await stack.act({
    type: 'submit_modal',
    as: dana,
    modal: modal.id,
    state: { lucky: { value: { type: 'plain_text_input', value: 'It was Sunday.' } } },
  })
  await until('the edit', () => canvases()[0]?.markdown.includes('It was Sunday.'))
  await stack.command(dana, channel, 'postmortem canvas')
  await stack.settled()
  expect(canvases()).toHaveLength(1)
})

test('an existing canvas of the team is left unchanged', async () => {
  const channel = await over()
  const answer = await fetch(`${stack.environment.SLACK_API_URL}conversations.canvases.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.environment.SLACK_BOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel_id: channel, document_content: { type: 'markdown', markdown: '# Our runbook' } }),
  })
  expect(await answer.json()).toMatchObject({ ok: true })
  await stack.command(dana, channel, 'postmortem canvas')
  await until('the second canvas', () => canvases().length === 2)
  expect(canvases()[0]?.markdown).toBe('# Our runbook')
  expect(canvases()[1]).toMatchObject({ channel, title: 'Postmortem INC-1' })
})

test('without the scope, the channel is told what to do', async () => {
  const channel = await over()
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.canvases.create', error: 'missing_scope' })
  await stack.command(dana, channel, 'postmortem canvas')
  await until('the reason', () =>
    channelText(channel).includes(
      'Muster could not write the postmortem into a canvas: the app lacks the scope canvases:write. Install it again',
    ),
  )
})
