import { beforeAll, describe, expect, test } from 'vitest'
import { hasChromium } from '../../real/chromium.ts'
import { expectAccessible, withWorkspace } from './in-browser.ts'

const LOOKS = {
  light: {},
  dark: { colorScheme: 'dark' as const },
  'a phone': { viewport: { width: 390, height: 844 } },
  'a dark phone': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const },
}

describe.runIf(hasChromium)("the page's appearance", () => {
  const { workspace, open } = withWorkspace()
  let channel = ''
  beforeAll(async () => {
    channel = await workspace().fillGallery()
  })

  test.each(Object.entries(LOOKS))('is accessible in %s', async (_name, look) => {
    const welcome = await open({}, look)
    await expectAccessible(welcome.page)
    await welcome.close()
    const { page, problems, close } = await open({ channel }, look)
    await expect.poll(() => page.locator('.chart-canvas[data-drawn=true]').count()).toBe(2)
    await expectAccessible(page)
    await page.locator('.thread-line').click()
    await page.locator('.side .chart-canvas[data-drawn=true]').first().waitFor()
    await expectAccessible(page)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(problems).toEqual([])
    await close()
  })

  test("follows the system's dark mode and the theme switch", async () => {
    const { page, close } = await open({}, { colorScheme: 'dark' })
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await paper()).toBe('rgb(21, 25, 26)')
    await page.getByRole('button', { name: 'Theme: system' }).click()
    expect(await paper()).toBe('rgb(255, 255, 255)')
    await page.reload()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    expect(await paper()).toBe('rgb(21, 25, 26)')
    await close()
  })

  test('shows the channels in a drawer on a phone', async () => {
    const { page, close } = await open({ channel }, { viewport: { width: 390, height: 844 } })
    const row = page.getByRole('button', { name: /general/ })
    expect(await row.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Channels' }).click()
    await row.click()
    await page.getByRole('textbox', { name: 'Message #general' }).waitFor()
    await expect.poll(() => row.isVisible()).toBe(false)
    await close()
  })

  test('moves through channels with the arrow keys', async () => {
    const { page, close } = await open()
    await page.locator('.row').first().focus()
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Muster home')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Message #triage' }).waitFor()
    await close()
  })

  test('moves through messages with the arrow keys', async () => {
    const { page, close } = await open({ channel })
    await page.getByRole('log', { name: 'Messages' }).focus()
    await page.keyboard.press('ArrowUp')
    expect(await page.evaluate('document.activeElement.textContent')).toContain('You are commander now')
    await page.keyboard.press('ArrowUp')
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Mitigate first')
    await close()
  })
})
