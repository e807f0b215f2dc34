import { afterEach, expect, test } from 'vitest'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

const { dana } = people
let road: Road
afterEach(() => road.stop())

/** A resolved incident's channel. */
const over = async (): Promise<string> => {
  road = await startRoad()
  await road.command(dana, road.channelNamed('general')!.id, 'declare sev2 Checkout is slow')
  const { id } = await until('the channel', () => road.incidentChannel(1))
  await road.settled()
  await road.command(dana, id, 'resolve made the pool larger')
  await road.settled()
  return id
}
const canvases = () => road.sandbox.slack.dump().canvases
const said = (channel: string) => road.messages(channel).map(textOf).join('\n')

test("the postmortem is written to the channel's canvas and follows every edit, without a second canvas", async () => {
  const channel = await over()
  await road.command(dana, channel, 'postmortem canvas')
  const [first] = await until('the canvas', () => canvases().length > 0 && canvases())
  expect(first).toMatchObject({ channel, title: 'Postmortem INC-1' })
  expect(first?.markdown).toMatch(/^_Muster keeps this canvas up to date.*_\n\n# Postmortem INC-1: Checkout is slow\n/)
  await until('the link', () => said(channel).includes(`|a canvas of this channel>`))

  await road.command(dana, channel, 'postmortem')
  const modal = await until('the form', () => road.sandbox.slack.dump().modals.find(({ user }) => user === dana))
  await road.act({
    type: 'submit_modal',
    as: dana,
    modal: modal.id,
    state: { lucky: { value: { type: 'plain_text_input', value: 'It was Sunday.' } } },
  })
  await until('the edit', () => canvases()[0]?.markdown.includes('It was Sunday.'))
  await road.command(dana, channel, 'postmortem canvas')
  await road.settled()
  expect(canvases()).toHaveLength(1)
})

test('an existing canvas of the team is left unchanged', async () => {
  const channel = await over()
  const answer = await fetch(`${road.environment.SLACK_API_URL}conversations.canvases.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${road.environment.SLACK_BOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel_id: channel, document_content: { type: 'markdown', markdown: '# Our runbook' } }),
  })
  expect(await answer.json()).toMatchObject({ ok: true })
  await road.command(dana, channel, 'postmortem canvas')
  await until('the second canvas', () => canvases().length === 2)
  expect(canvases()[0]?.markdown).toBe('# Our runbook')
  expect(canvases()[1]).toMatchObject({ channel, title: 'Postmortem INC-1' })
})

test('without the scope, the channel is told what to do', async () => {
  const channel = await over()
  road.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.canvases.create', error: 'missing_scope' })
  await road.command(dana, channel, 'postmortem canvas')
  await until('the reason', () =>
    said(channel).includes(
      'Muster could not write the postmortem into a canvas: the app lacks the scope canvases:write. Install it again',
    ),
  )
})
