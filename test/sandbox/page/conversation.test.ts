import { describe, expect, test } from 'vitest'
import { hasChromium } from '../../real/chromium.ts'
import { dana, expectAccessible, robin, withWorkspace } from './in-browser.ts'

describe.runIf(hasChromium)('conversations', () => {
  const { workspace, open } = withWorkspace()

  const channelOf = async (name: string) => {
    const { client } = workspace()
    const channel = (await client.conversations.create({ name })).channel?.id ?? ''
    await client.conversations.invite({ channel, users: `${dana},${robin}` })
    return channel
  }

  test("shows new messages immediately and sends the viewer's", async () => {
    const channel = await channelOf('live')
    const { page, problems, close } = await open({ channel })
    await workspace().slack.act({ type: 'message', as: robin, channel, text: 'Looks like *the database*' })
    await page.getByText('Looks like the database').waitFor()
    const field = page.getByRole('textbox', { name: 'Message #live' })
    await field.fill('On it, @robin')
    await field.press('Enter')
    const mine = page.locator('.message').last()
    await mine.getByText('On it, @robin').waitFor()
    expect(await mine.locator('.author').innerText()).toBe('Dana Whitfield')
    expect(await field.inputValue()).toBe('')
    expect(problems).toEqual([])
    await close()
  })

  test('shows unread markers until the channel is read', async () => {
    const channel = await channelOf('unread')
    const { page, close } = await open()
    const row = page.getByRole('button', { name: /unread/ }).filter({ hasText: 'unread' })
    await workspace().slack.act({ type: 'message', as: robin, channel, text: 'one' })
    await workspace().slack.act({ type: 'message', as: robin, channel, text: 'two' })
    await expect.poll(() => row.locator('.badge').allInnerTexts()).toEqual(['2'])
    await row.click()
    await page.getByText('two').waitFor()
    expect(await page.locator('.separator-new').count()).toBe(1)
    await expect.poll(() => row.locator('.badge').count()).toBe(0)
    await close()
  })

  test('opens a thread beside the channel', async () => {
    const channel = await channelOf('threads')
    const { client } = workspace()
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'Evidence' })
    const { page, close } = await open({ channel })
    await page.getByText('Evidence').hover()
    await page.getByRole('button', { name: 'Reply in thread' }).click()
    const pane = page.getByRole('complementary', { name: 'Thread' })
    const field = pane.getByRole('textbox', { name: 'Reply…' })
    await field.fill('The pool is too small')
    await field.press('Enter')
    await pane.getByText('The pool is too small').waitFor()
    expect(await page.getByRole('main').getByText('The pool is too small').count()).toBe(0)
    await page.getByRole('button', { name: /1 reply/ }).waitFor()
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'Noted' })
    await pane.getByText('Noted').waitFor()
    await expectAccessible(page)
    await pane.press('Escape')
    expect(await pane.count()).toBe(0)
    await close()
  })

  test('adds and removes a reaction', async () => {
    const channel = await channelOf('reactions')
    await workspace().client.chat.postMessage({ channel, text: 'Pin this' })
    const { page, close } = await open({ channel })
    await page.getByText('Pin this').hover()
    await page.getByRole('button', { name: 'Add a reaction' }).click()
    await page.getByRole('searchbox', { name: 'Search emoji' }).fill('pushpin')
    await page.keyboard.press('Enter')
    const reaction = page.getByRole('button', { name: 'pushpin, 1' })
    await reaction.waitFor()
    expect(await reaction.getAttribute('aria-pressed')).toBe('true')
    await reaction.click()
    await expect.poll(() => reaction.count()).toBe(0)
    await close()
  })

  test('edits, pins and deletes a message', async () => {
    const channel = await channelOf('tools')
    await workspace().slack.act({ type: 'message', as: dana, channel, text: 'frist' })
    const { page, close } = await open({ channel })
    const choose = async (name: string) => {
      await page.locator('.message').last().hover()
      await page.getByRole('button', { name: 'More actions' }).last().click()
      await page.getByRole('menuitem', { name }).click()
    }
    await choose('Edit message')
    await page.getByRole('textbox', { name: 'Edit message' }).fill('first')
    await page.keyboard.press('Enter')
    await page.getByText('(edited)').waitFor()
    await choose('Pin to channel')
    await page.locator('.message.is-pinned').waitFor()
    await choose('Delete message')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => page.getByText('first').count()).toBe(0)
    await close()
  })

  test('marks ephemeral messages and shows them to nobody else', async () => {
    const channel = await channelOf('whispers')
    await workspace().client.chat.postEphemeral({ channel, user: dana, text: 'For your eyes' })
    const { page, close } = await open({ channel })
    expect(await page.locator('.message.is-ephemeral').innerText()).toContain('Only visible to you')
    const other = await open({ as: robin, channel })
    expect(await other.page.getByText('For your eyes').count()).toBe(0)
    await other.close()
    await close()
  })

  test('switches to another person', async () => {
    const channel = await channelOf('persons')
    const { page, problems, close } = await open({ channel })
    await page.getByTitle('Act as somebody else').click()
    await page.getByRole('menuitemradio', { name: /Robin Okafor/ }).click()
    await page.locator('.person-button', { hasText: 'Robin Okafor' }).waitFor()
    const field = page.getByRole('textbox', { name: 'Message #persons' })
    await field.fill('Robin here')
    await field.press('Enter')
    await page.getByText('Robin here').waitFor()
    expect(await page.locator('.message .author').last().innerText()).toBe('Robin Okafor')
    expect(new URL(page.url()).searchParams.get('as')).toBe(robin)
    expect(problems).toEqual([])
    await close()
  })

  test('offers to join a channel the viewer is not a member of', async () => {
    const channel = (await workspace().client.conversations.create({ name: 'elsewhere' })).channel?.id ?? ''
    const { page, close } = await open({ channel })
    await page.getByRole('button', { name: 'Join #elsewhere' }).click()
    await page.getByRole('textbox', { name: 'Message #elsewhere' }).waitFor()
    await close()
  })

  test('shows why an action failed', async () => {
    const channel = await channelOf('errors')
    const { page, close } = await open({ channel })
    const field = page.getByRole('textbox', { name: 'Message #errors' })
    await field.fill('/nonsense now')
    await field.press('Enter')
    await page.getByText('There is no such command').waitFor()
    expect(await field.inputValue()).toBe('/nonsense now')
    await close()
  })

  test('opens as a default person when the URL names an unknown one', async () => {
    const { page, close } = await open({ as: 'U0NOBODY01', channel: 'C0GONE' })
    await page.getByRole('heading', { name: 'Watch an incident. Then take part.' }).waitFor()
    expect(await page.locator('.person-name').innerText()).toBe('Dana Whitfield')
    await close()
  })

  test('catches up on messages posted while disconnected', async () => {
    const channel = await channelOf('lost-line')
    const { page, close } = await open({ channel })
    await page.route('**/sandbox/events*', (route) => route.abort())
    await page.reload()
    await page.getByRole('textbox', { name: 'Message #lost-line' }).waitFor()
    await page.getByText('Reconnecting…').waitFor()
    await workspace().slack.act({ type: 'message', as: robin, channel, text: 'Is anybody there?' })
    await page.unroute('**/sandbox/events*')
    await page.getByText('Is anybody there?').waitFor()
    await close()
  })
})
