import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where distributions and people put it; `CHROMIUM_PATH` names another place. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The system's browser, if there is one. */
export const chromiumPath: string | undefined = [process.env.CHROMIUM_PATH ?? '', ...PLACES].find(
  (path) => path && existsSync(path),
)

/** Without a browser its tests are skipped, and say so; with MUSTER_REQUIRE_ALL=1 they run, and fail. */
export const hasChromium = chromiumPath !== undefined || process.env.MUSTER_REQUIRE_ALL === '1'
if (!hasChromium)
  console.warn('No Chromium found: tests in a browser are skipped. Install chromium, or set CHROMIUM_PATH.')

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser without a window. */
export function startChromium(): Promise<Browser> {
  if (!chromiumPath) throw new Error('No Chromium found. Install chromium, or set CHROMIUM_PATH.')
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...QUIET] })
}

/** A page in a fresh context that collects what went wrong in it. */
export async function openPage(browser: Browser, url: string, look: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...look })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(url)
  return { page, problems, close: () => context.close() }
}

export type { Browser, Page }
