import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDemo } from '../../../sandbox/demo/demo.ts'
import { type Browser, hasChromium, openPage, startChromium } from '../../real/chromium.ts'
import { expectAccessible } from './in-browser.ts'

describe.runIf(hasChromium)('the demo in the page', () => {
  let browser: Browser
  let demo: { url: string; stop(): Promise<void> } | undefined
  beforeAll(async () => {
    browser = await startChromium()
    demo = await runDemo({ headless: false, port: 0, speed: 10, say: () => {} })
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  test('opens an incident step by step from the start page, with the real Muster', {
    timeout: 120_000,
  }, async () => {
    const { page, problems, close } = await openPage(browser, demo?.url ?? '')
    await page.getByRole('button', { name: /Connection collapse/ }).click()
    const playing = page.getByRole('region', { name: 'Story: Connection collapse' })
    await playing.getByRole('button', { name: 'Pause' }).click()
    const step = playing.getByRole('button', { name: 'One step' })
    const takeStep = async () => {
      const before = await playing.getByText(/^\d+ of \d+$/).innerText()
      await step.click()
      await expect.poll(() => playing.innerText(), { timeout: 20_000 }).not.toContain(before)
    }

    // PagerDuty pages, Muster opens a channel, and the page navigates to it.
    await takeStep()
    await page.getByRole('heading', { level: 1, name: /inc-1/ }).waitFor()
    await page.locator('.message.is-pinned .chart-canvas[data-drawn=true]').first().waitFor()
    await expectAccessible(page)

    // A few steps only; another test plays every story to its end.
    await takeStep()
    await takeStep()
    await page.locator('.message.is-pinned', { hasText: 'Commander @olena' }).waitFor()
    expect(problems).toEqual([])
    await close()
  })
})
