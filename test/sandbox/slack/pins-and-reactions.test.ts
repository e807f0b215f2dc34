import { expect, test } from 'vitest'
import { fixture, refusal, startSlack } from './start.ts'

const startMessage = async () => {
  const { client, slack } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const { ts } = await client.chat.postMessage({ channel: channel!.id!, text: 'Summary' })
  return { client, slack, channel: channel!.id!, timestamp: ts! }
}

test('pins a message once, and at most a hundred', async () => {
  const { client, channel, timestamp } = await startMessage()
  await client.pins.add({ channel, timestamp })
  expect(await refusal(client.pins.add({ channel, timestamp }))).toMatchObject({ error: 'already_pinned' })
  expect((await client.pins.list({ channel })).items).toMatchObject([{ type: 'message', message: { ts: timestamp } }])
  for (let count = 1; count < 100; count += 1) {
    const { ts } = await client.chat.postMessage({ channel, text: `${count}` })
    await client.pins.add({ channel, timestamp: ts! })
  }
  const { ts } = await client.chat.postMessage({ channel, text: 'one more' })
  expect(await refusal(client.pins.add({ channel, timestamp: ts! }))).toMatchObject({ error: 'too_many_pins' })
  expect(await refusal(client.pins.add({ channel, timestamp: '1.000001' }))).toMatchObject({
    error: 'message_not_found',
  })
  await client.pins.remove({ channel, timestamp })
  expect(await refusal(client.pins.remove({ channel, timestamp }))).toMatchObject({ error: 'no_pin' })
})

test('adds a reaction only once', async () => {
  const { client, slack, channel, timestamp } = await startMessage()
  await client.reactions.add({ channel, timestamp, name: 'eyes' })
  expect(await refusal(client.reactions.add({ channel, timestamp, name: 'eyes' }))).toMatchObject({
    error: 'already_reacted',
  })
  expect(slack.dump().messages.at(-1)!.reactions).toEqual([{ name: 'eyes', users: ['U0MUSTER01'] }])
  await client.reactions.remove({ channel, timestamp, name: 'eyes' })
  expect(await refusal(client.reactions.remove({ channel, timestamp, name: 'eyes' }))).toMatchObject({
    error: 'no_reaction',
  })
})

test('stores bookmarks with http(s) links only', async () => {
  const { client, channel } = await startMessage()
  const link = {
    type: 'link' as const,
    title: 'PagerDuty #421',
    link: 'https://acme.pagerduty.com/incidents/Q1',
    emoji: ':pager:',
  }
  const { bookmark } = await client.bookmarks.add({ channel_id: channel, ...link })
  const shape = Object.keys(fixture('api_bookmarks.add.ok').bookmark as object)
  expect(Object.keys(bookmark!)).toEqual(expect.arrayContaining(shape.filter((key) => key !== 'shortcut_id')))
  await client.bookmarks.edit({ channel_id: channel, bookmark_id: bookmark!.id!, title: 'Page' })
  expect((await client.bookmarks.list({ channel_id: channel })).bookmarks).toMatchObject([
    { title: 'Page', link: link.link },
  ])
  const wrong = { ...link, link: 'javascript:alert(1)' }
  expect(await refusal(client.bookmarks.add({ channel_id: channel, ...wrong }))).toMatchObject({
    error: 'invalid_link',
  })
  const unnamed = { channel_id: channel, ...link, emoji: 'pager' }
  expect(await refusal(client.bookmarks.add(unnamed))).toMatchObject({ error: 'invalid_emoji' })
})

test('a channel has one canvas, edited one change at a time', async () => {
  const { client, slack, channel } = await startMessage()
  const content = (markdown: string) => ({ type: 'markdown' as const, markdown })
  const { canvas_id } = await client.conversations.canvases.create({
    channel_id: channel,
    document_content: content('# INC-1'),
  })
  expect(await refusal(client.conversations.canvases.create({ channel_id: channel }))).toMatchObject({
    error: 'channel_canvas_already_exists',
  })
  const change = { operation: 'insert_at_end' as const, document_content: content('Resolved.') }
  await client.canvases.edit({ canvas_id: canvas_id!, changes: [change] })
  expect(slack.dump().canvases).toMatchObject([{ channel, markdown: '# INC-1\nResolved.' }])
  const twice = client.apiCall('canvases.edit', { canvas_id: canvas_id!, changes: [change, change] })
  expect(await refusal(twice)).toMatchObject({ error: 'invalid_arguments' })
  const list = { operation: 'replace' as const, document_content: content('> - quoted') }
  expect(await refusal(client.canvases.edit({ canvas_id: canvas_id!, changes: [list] }))).toMatchObject({
    error: 'canvas_editing_failed',
    detail: expect.stringContaining('line 1'),
  })
})
