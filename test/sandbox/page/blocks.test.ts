import { describe, expect, test } from 'vitest'
import { hasChromium } from '../../real/chromium.ts'
import * as gallery from './gallery.ts'
import { expectAccessible, withWorkspace } from './in-browser.ts'

describe.runIf(hasChromium)('blocks', () => {
  const { workspace, open } = withWorkspace()

  /** Posts blocks to a new channel and opens it. */
  const show = async (name: string, ...messages: Parameters<typeof gallery.asBlocks>[0][]) => {
    const { client, slack } = workspace()
    const channel = (await client.conversations.create({ name })).channel?.id ?? ''
    await slack.act({ type: 'join', as: 'U0DANA0001', channel })
    for (const blocks of messages)
      await client.chat.postMessage({ channel, text: 'in words', blocks: gallery.asBlocks(blocks) })
    const opened = await open({ channel })
    await opened.page.waitForSelector('.block')
    return { ...opened, channel }
  }

  test('shows sections, fields, headings, context and actions', async () => {
    const { page, problems, close } = await show('classic', gallery.summary)
    const message = page.locator('.message')
    expect(await message.locator('.header').innerText()).toBe('🚨 INC-7 Shipping is slow, customers notice')
    expect(await message.locator('.fields .prose').allInnerTexts()).toContain('Commander\n@dana')
    expect(await message.locator('blockquote').innerText()).toBe('Customers cannot choose a delivery date.')
    expect(await message.locator('pre').innerText()).toContain('information_schema')
    expect(await message.innerText()).toContain('<soon> & kindly')
    expect(await message.getByRole('link', { name: 'the dashboard' }).getAttribute('href')).toBe(
      'https://grafana.shop.example/d/shipping',
    )
    expect(await message.locator('.context').innerText()).toMatch(/^📌 React with a pin .*timeline\.\nOr type a note\./)
    await expectAccessible(page)
    expect(problems).toEqual([])
    await close()
  })

  test("shows times in the viewer's time zone", async () => {
    const { page, channel, close } = await show('times', gallery.summary)
    expect(await page.locator('.fields time').innerText()).toBe('21 Nov 2025 05:40')
    const tokyo = await open({ as: 'U0MEI00001', channel })
    expect(await tokyo.page.locator('.fields time').innerText()).toBe('21 Nov 2025 13:40')
    await tokyo.close()
    await close()
  })

  test('draws native charts with a text alternative', async () => {
    const { page, problems, close } = await show('charts', gallery.evidence, gallery.moreCharts)
    await expect.poll(() => page.locator('.chart-canvas[data-drawn=true] svg').count()).toBe(4)
    expect(await page.locator('.chart-canvas').first().innerHTML()).toContain('ratings')
    expect(await page.locator('.chart .unseen').first().textContent()).toContain('shipping: 03:00 1, 03:01 1.1')
    await page.setViewportSize({ width: 420, height: 800 })
    const overflow = () =>
      page.evaluate(
        "Math.max(...[...document.querySelectorAll('.chart svg')].map((svg) => svg.getBoundingClientRect().right)) - innerWidth",
      )
    await expect.poll(overflow).toBeLessThan(0)
    expect(problems).toEqual([])
    await close()
  })

  test('shows a plan with task states and expands a container', async () => {
    const { page, close } = await show('plans', gallery.checklist)
    expect(
      await page.locator('.task-mark').evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label'))),
    ).toEqual(['done', 'done', 'under way', 'failed', 'to do'])
    expect(await page.getByText('Grafana answered 503').isVisible()).toBe(true)
    const suspect = page.getByText('MySQL connections at their limit')
    expect(await suspect.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Suspects' }).click()
    expect(await suspect.isVisible()).toBe(true)
    await close()
  })

  test('sorts, filters and pages a data table', async () => {
    const { page, close } = await show('tables', gallery.tables, gallery.plainTable)
    const table = page.locator('.data-table')
    const ids = () => table.locator('tbody th').allInnerTexts()
    expect(await ids()).toHaveLength(5)
    await table.getByRole('button', { name: 'Minutes' }).click()
    expect((await ids()).slice(0, 3)).toEqual(['INC-6', 'INC-3', 'INC-1'])
    await table.getByRole('button', { name: 'Minutes' }).click()
    expect((await ids())[0]).toBe('INC-4')
    await table.getByRole('button', { name: 'Next' }).click()
    expect(await ids()).toEqual(['INC-3', 'INC-6'])
    await table.getByRole('searchbox').fill('ratings')
    expect(await ids()).toEqual(['INC-4'])
    expect(await page.locator('.block-table th').last().innerText()).toBe('Since')
    await close()
  })

  test('renders rich text and Markdown, and never raw HTML', async () => {
    const { page, problems, close } = await show('prose', gallery.prose, gallery.cards)
    expect(await page.locator('.rich-text').first().innerText()).toContain('@sam')
    expect(await page.locator('.rich-text ol li').allInnerTexts()).toEqual(['kill idle connections', 'the runbook'])
    const markdown = page.locator('.markdown')
    expect(await markdown.getByRole('heading').innerText()).toBe('What we know')
    expect(await markdown.locator('td').allInnerTexts()).toEqual(['shipping', '30 %', 'ratings', '84 %'])
    expect(await markdown.innerText()).toContain('<script>alert(1)</script>')
    expect(await page.locator('.markdown script, a[href^="javascript"]').count()).toBe(0)
    expect(await page.locator('.carousel .card').count()).toBe(3)
    await expectAccessible(page)
    expect(problems).toEqual([])
    await close()
  })

  test('follows only http(s) and mailto links', async () => {
    const { client } = workspace()
    const { page, channel, close } = await show('links', [{ type: 'divider' }])
    await client.chat.postMessage({
      channel,
      text: '<javascript:alert(1)|run me> <https://shop.example|shop> <mailto:a@shop.example|mail> <https://in.example|https://out.example>',
    })
    const last = page.locator('.message').last()
    await last.getByText('run me').waitFor()
    expect(await last.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      'https://shop.example/',
      'mailto:a@shop.example',
      'https://in.example/',
    ])
    await close()
  })

  test('sends button clicks, after confirmation, and choices', async () => {
    const { page, close } = await show('clicks', gallery.summary)
    const { received } = workspace()
    const clicked = () =>
      received.filter(({ kind }) => kind === 'action').map(({ body }) => (body as { action_id: string }).action_id)
    await page.getByRole('button', { name: 'Cancel incident' }).click()
    const question = page.getByRole('dialog', { name: 'Cancel INC-7?' })
    await question.getByRole('button', { name: 'Keep it' }).click()
    await page.getByRole('button', { name: 'Take command' }).click()
    await expect.poll(clicked).toEqual(['take'])
    await page.getByRole('button', { name: 'Cancel incident' }).click()
    await question.getByRole('button', { name: 'Cancel it' }).click()
    await expect.poll(clicked).toEqual(['take', 'cancel'])
    await page.getByRole('combobox', { name: 'Severity' }).click()
    await page.getByRole('option', { name: 'SEV-1' }).click()
    await expect.poll(clicked).toEqual(['take', 'cancel', 'severity'])
    expect(received.at(-1)?.body).toMatchObject({ selected_option: { value: 'sev1' } })
    await page.getByRole('button', { name: 'More actions' }).first().click()
    await page.getByRole('menuitem', { name: 'Snooze reminders' }).click()
    await expect
      .poll(() => received.at(-1)?.body)
      .toMatchObject({ action_id: 'more', selected_option: { value: 'snooze' } })
    await close()
  })

  test('shows an uploaded image and opens it in the lightbox', async () => {
    const channel = await workspace().fillGallery()
    const { page, problems, close } = await open({ channel })
    await page.locator('.thread-line').click()
    const picture = page.locator('.side .picture img')
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(400)
    await page.getByRole('button', { name: /^Enlarge: Latency of Shipping/ }).click()
    expect(await page.getByRole('dialog', { name: 'Shipping, last hour' }).isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(problems).toEqual([])
    await close()
  })
})
