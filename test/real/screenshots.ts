/**
 * Takes the pictures of the README: the demo runs, a story is played, a browser looks. `npm run screenshots [folder]`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runDemo } from '../../sandbox/demo/demo.ts'
import { openPage, type Page, startChromium } from './chromium.ts'

const folder = process.argv[2] ?? 'docs/images'
const LARGE = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 }
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 }

/** On call that night, so she writes in the incident's channel. */
const OLENA = 'U0OLENA001'

mkdirSync(folder, { recursive: true })
const browser = await startChromium()
const demo = await runDemo({ headless: false, port: 0, speed: 10, say: () => {} })
const url = demo?.url ?? ''

/** Takes a picture once nothing moves any more. */
const shoot = async (page: Page, name: string) => {
  await page.waitForLoadState('networkidle').catch(() => {})
  await page.waitForTimeout(600)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(join(folder, `${name}.png`))
}

/** Takes steps of the story until the caption says so, or until it ends. */
const stepUntil = async (page: Page, caption: RegExp) => {
  const step = page.getByRole('button', { name: 'One step' })
  const playing = page.locator('.playing')
  while ((await step.isEnabled()) && !caption.test(await playing.innerText())) {
    const before = await playing.innerText()
    await step.click()
    while ((await playing.innerText()) === before) await page.waitForTimeout(50)
    // Muster follows in its own time.
    await page.waitForTimeout(500)
  }
}

const { page, close } = await openPage(browser, `${url}/?as=${OLENA}`, LARGE)
await page.waitForSelector('.app')
await shoot(page, 'stories')
await page.getByRole('button', { name: /Connection collapse/ }).click()
await page.getByRole('button', { name: 'Pause' }).click()
await stepUntil(page, /03:0[2-9]/)
await page.locator('.chart-canvas[data-drawn=true]').first().waitFor()
// From its heading on: scrolling "into view" stops as soon as the end of a long summary is visible.
await page.locator('.message.is-pinned').evaluate((summary) => summary.scrollIntoView({ block: 'start' }))
await shoot(page, 'channel')

const channel = new URL(page.url()).searchParams.get('channel') ?? ''
const phone = await openPage(browser, `${url}/?as=${OLENA}&channel=${channel}`, { ...PHONE, colorScheme: 'dark' })
await phone.page.locator('.message.is-pinned').waitFor()
await shoot(phone.page, 'channel-phone')
await phone.close()

await stepUntil(page, /never/)
await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor()
await shoot(page, 'postmortem')
await page.getByRole('button', { name: 'Control panel' }).click()
await page.locator('.exchange').nth(2).click()
await shoot(page, 'control-panel')
await close()

const dark = await openPage(browser, `${url}/?channel=${channel}`, { ...LARGE, colorScheme: 'dark' })
await dark.page.locator('.composer-closed button').click()
const field = dark.page.getByRole('textbox', { name: /^Message #inc/ })
await field.fill('/incident declare')
await field.press('Enter')
await dark.page.getByRole('dialog').waitFor()
await shoot(dark.page, 'declare-dark')
await dark.close()

await browser.close()
await demo?.stop()
