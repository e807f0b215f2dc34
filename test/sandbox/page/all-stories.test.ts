import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDemo } from '../../../sandbox/demo/demo.ts'
import { type Browser, hasChromium, openPage, type Page, startChromium } from '../../real/chromium.ts'
import { expectAccessible } from './in-browser.ts'
import { coloursOf, isVivid } from './pixels.ts'

/** What the page shows at the end of a story; timeline texts in order. */
type End = {
  card: RegExp
  heading: string
  commander: string
  timeline: string[]
  /** What `/incident timeline` is narrowed to, where the night is longer than a page of it. */
  only?: 'notes'
  postmortem: string
  /** Charts in the postmortem. */
  charts: number
  webhooks: string[]
}

const ENDS: End[] = [
  {
    card: /Connection collapse/,
    heading: 'inc-1-high-p90-latency-on-shipping-9-28-s',
    commander: '@olena',
    timeline: ['84 % of requests to ratings fail', 'threads_connected went flat', 'Killed the idle connections'],
    postmortem: 'Postmortem INC-1: High P90 latency on Shipping: 9.28 s',
    charts: 3,
    webhooks: ['pagerduty', 'alertmanager', 'github'],
  },
  {
    card: /Quivering queue/,
    heading: 'inc-1-customers-cannot-pay-payment-returns-5xx',
    commander: '@robin',
    timeline: ['pending-orders-recreation is mine', 'OOMKilled', '6 replicas with 400Mi'],
    postmortem: 'Postmortem INC-1: Customers cannot pay: Payment returns 5xx',
    charts: 3,
    webhooks: ['grafana'],
  },
  {
    card: /Cache degradation/,
    heading: 'inc-1-web-pods-use-98-of-their-cpu-limit',
    commander: '@mei',
    timeline: ['The checkout page is down', 'Cache hits fell', 'Fix the network configuration'],
    postmortem: 'Postmortem INC-1: Web pods use 98 % of their CPU limit',
    charts: 4,
    webhooks: ['alertmanager'],
  },
  {
    card: /The index migration/,
    heading: 'inc-1-',
    commander: '@robin',
    timeline: ['Its index migration runs after the code', 'Restart the orders cluster'],
    postmortem: 'Postmortem INC-1: ',
    charts: 2,
    webhooks: ['cloudwatch', 'github'],
  },
  {
    card: /The stampede/,
    heading: 'inc-1-public-site-slow-p90-over-10-s',
    commander: '@robin',
    timeline: ['not the work', 'Scale document-worker to 0'],
    postmortem: 'Postmortem INC-1: Public site slow: P90 over 10 s',
    charts: 3,
    webhooks: ['pagerduty'],
  },
  {
    card: /The interceptor loop/,
    heading: 'inc-1-high-latency-on-api',
    commander: '@olena',
    timeline: ['Loop removed, new image built', 'Waiting for Kubernetes', 'Reboot mostly done'],
    only: 'notes',
    postmortem: 'Postmortem INC-1: High latency on api',
    charts: 4,
    webhooks: ['github'],
  },
]

/** A story takes about ten seconds, several times that on a busy machine. */
const PATIENCE = 120_000

describe.runIf(hasChromium)('a story played to the end in the page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  // One after the other: six Musters at once starve each other on two cores.
  test.each(ENDS)('$heading', { timeout: 2 * PATIENCE }, async (end) => {
    const demo = await runDemo({ headless: false, port: 0, speed: 10, say: () => {} })
    try {
      const { page, problems, close } = await openPage(browser, demo?.url ?? '')
      page.setDefaultTimeout(PATIENCE)
      await page.getByRole('button', { name: end.card }).click()
      await page.getByRole('button', { name: 'max: as fast as Muster keeps up' }).click()
      await page
        .getByRole('region', { name: /^Story/ })
        .getByText('ended', { exact: true })
        .waitFor()
      await seePostmortem(page, end)
      await seeChannel(page, end)
      await seeTimeline(page, end)
      await seeWebhooks(page, end)
      await expectAccessible(page)
      expect(problems).toEqual([])
      await close()
    } finally {
      await demo?.stop()
    }
  })
})

/** Opens automatically in the side pane. */
async function seePostmortem(page: Page, { postmortem, charts }: End) {
  const pane = page.getByRole('complementary', { name: 'INC-1 postmortem' })
  const document = pane.frameLocator('iframe')
  await document.getByRole('heading', { level: 1, name: postmortem }).waitFor()
  const pictures = document.locator('img')
  // When the last section is there, so are all images, which are inline.
  await document.getByRole('heading', { name: 'Timeline', exact: true }).waitFor()
  expect(await pictures.count()).toBeGreaterThanOrEqual(Math.min(charts, 1))
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded()
    const alt = (await picture.getAttribute('alt')) ?? ''
    const colours = await coloursOf(picture, page)
    // A panel that Grafana drew has the colours of Grafana, and no numbers in its alternative text.
    if (alt.includes(': ')) expect(colours.filter(isVivid), alt).not.toEqual([])
    else expect(colours.length, alt).toBeGreaterThanOrEqual(2)
  }
  await pane.getByRole('button', { name: 'Close' }).click()
}

async function seeChannel(page: Page, { heading, commander }: End) {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  const summary = page.locator('.message.is-pinned')
  await summary.getByText('Resolved', { exact: true }).waitFor()
  expect(await summary.innerText()).toContain(`Commander ${commander}`)
  const drawing = summary
    .getByRole('group', { name: /^Chart: / })
    .first()
    .locator('.chart-canvas[data-drawn=true]')
  const colours = await coloursOf(drawing, page)
  expect(colours.length).toBeGreaterThanOrEqual(3)
  expect(colours.filter(isVivid)).not.toEqual([])
}

/** Requested by somebody who has just joined. */
async function seeTimeline(page: Page, { timeline, only }: End) {
  await page.getByRole('button', { name: /^Join #inc-1/ }).click()
  const composer = page.getByRole('textbox', { name: /^Message #inc-1/ })
  await composer.fill(`/incident timeline${only ? ` ${only}` : ''}`)
  await composer.press('Enter')
  const answer = page.locator('.message.is-ephemeral', { hasText: 'Timeline of INC-1' })
  await answer.waitFor()
  const answered = await answer.innerText()
  const places = timeline.map((words) => answered.indexOf(words))
  expect(timeline.filter((_, i) => places[i] === -1)).toEqual([])
  expect(places).toEqual(places.toSorted((one, other) => one - other))
}

async function seeWebhooks(page: Page, { webhooks }: End) {
  await page.getByRole('button', { name: 'Control panel' }).click()
  for (const source of webhooks) {
    await page.getByRole('button', { name: source, exact: true }).click()
    const delivery = page.locator('.exchange', { hasText: `POST /webhooks/` }).first()
    await delivery.waitFor()
    expect(await delivery.innerText()).toMatch(new RegExp(`^202\\s+POST /webhooks/(alerts/)?${source}\\b`))
  }
}
