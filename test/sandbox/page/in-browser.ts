import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Browser, openPage, type Page, startChromium } from '../../real/chromium.ts'
import { startWorkspace, type Workspace } from './workspace.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const dana = 'U0DANA0001'
export const robin = 'U0ROBIN001'

/** A workspace and a browser for the tests of one file; `open` opens the page as a person. */
export function withWorkspace() {
  let browser: Browser
  let workspace: Workspace
  beforeAll(async () => {
    browser = await startChromium()
    workspace = await startWorkspace()
  })
  afterAll(async () => {
    await browser?.close()
    await workspace?.stop()
  })
  return {
    workspace: () => workspace,
    async open(query: Record<string, string> = {}, look: BrowserContextOptions = {}) {
      const opened = await openPage(browser, `${workspace.url}/?${new URLSearchParams({ as: dana, ...query })}`, look)
      await opened.page.waitForSelector('.app')
      return opened
    },
  }
}

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Fails with a readable list of WCAG A and AA violations. */
export async function expectAccessible(page: Page) {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`,
  )
  const found = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `${node.html.slice(0, 200)}\n${node.failureSummary}`).join('\n')}`,
  )
  expect(found).toEqual([])
}
