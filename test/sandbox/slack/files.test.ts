import { expect, test } from 'vitest'
import { fixture, refusal, startSlack } from './start.ts'

const png = Buffer.from('89504e470d0a1a0a', 'hex')

const upload = async (client: Awaited<ReturnType<typeof startSlack>>['client'], filename = 'checkout-5xx.png') => {
  const { upload_url, file_id } = await client.files.getUploadURLExternal({
    filename,
    length: png.length,
    alt_text: 'Graph',
  })
  const answer = await fetch(upload_url!, { method: 'POST', body: png })
  expect(await answer.text()).toBe('OK - 8')
  return file_id!
}

test('a file can be used in a block only after processing', async () => {
  let now = 1_763_700_000_000
  const { client, slack } = await startSlack({ scheduleNow: () => now, fileProcessingMs: 2000 })
  const channel = slack.workspace.findChannel('general')!.id
  const id = await upload(client)
  const blocks = [{ type: 'image' as const, slack_file: { id }, alt_text: 'Graph' }]
  const post = () => client.chat.postMessage({ channel, text: 'Graph', blocks })

  expect(await refusal(post())).toMatchObject(fixture('api_chat.postMessage.invalid_slack_file'))
  const completed = await client.files.completeUploadExternal({ files: [{ id, title: 'Errors' }] })
  expect(completed.files![0]).toMatchObject({ id, title: 'Errors', mimetype: '' })
  expect(await refusal(post())).toMatchObject({ error: 'invalid_blocks' })
  now += 2000
  const { file } = await client.files.info({ file: id })
  const pictures = [
    'display_as_bot',
    'external_type',
    'public_url_shared',
    'media_display_type',
    'thumb_64',
    'original_w',
    'original_h',
  ]
  const shape = Object.keys(fixture('api_files.info.ready').file as object).filter((key) => !pictures.includes(key))
  expect(Object.keys(file!)).toEqual(expect.arrayContaining(shape))
  expect(file).toMatchObject({ mimetype: 'image/png', filetype: 'png', shares: {} })
  expect(await post()).toMatchObject({ ok: true })
})

test('a file is shared in a thread with a comment', async () => {
  const { client, slack } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const root = await client.chat.postMessage({ channel: channel!.id!, text: 'Summary' })
  const id = await upload(client)
  const share = { channel_id: channel!.id!, thread_ts: root.ts!, initial_comment: 'The graph' }
  await client.files.completeUploadExternal({ files: [{ id }], ...share })
  expect(slack.dump().messages.at(-1)).toMatchObject({ text: 'The graph', files: [id], threadTs: root.ts })
  const { file } = await client.files.info({ file: id })
  expect(file!.shares).toMatchObject({ public: { [channel!.id!]: [{ ts: slack.dump().messages.at(-1)!.ts }] } })
})

test("the SDK's upload works", async () => {
  const { client, slack } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  await client.filesUploadV2({ channel_id: channel!.id!, filename: 'postmortem.md', content: '# INC-1' })
  expect(slack.dump().files).toMatchObject([{ name: 'postmortem.md', received: 7 }])
  const [{ id } = { id: '' }] = slack.dump().files
  const bytes = await fetch(`${slack.url}/sandbox/files/${id}`)
  expect(bytes.headers.get('content-type')).toBe('text/markdown')
  expect(await bytes.text()).toBe('# INC-1')
})

test('rejects a user as a destination, and a file that was never uploaded', async () => {
  const { client } = await startSlack()
  const id = await upload(client)
  expect(
    await refusal(client.files.completeUploadExternal({ files: [{ id }], channel_id: 'U0DANA0001' })),
  ).toMatchObject({
    error: 'invalid_arguments',
  })
  const { file_id } = await client.files.getUploadURLExternal({ filename: 'a.png', length: 5 })
  expect(await refusal(client.files.completeUploadExternal({ files: [{ id: file_id! }] }))).toMatchObject({
    error: 'file_not_found',
  })
  expect(await refusal(client.files.info({ file: file_id! }))).toMatchObject({ error: 'file_not_found' })
})
