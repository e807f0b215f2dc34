import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signLink } from '../../src/postmortem/links.ts'
import { hasChromium, openPage, startChromium } from '../real/chromium.ts'
import { declarePrivately } from './declare-privately.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin } = people
const secret = 'only for this test'
/** `PICTURES=/some/folder` keeps what the browser shows. */
const pictures = process.env.PICTURES
let stack: Stack
let general: string

/** Declares an incident and returns its channel. */
const declare = async (number: number, text: string): Promise<string> => {
  await stack.command(dana, general, `declare ${text}`)
  const channel = () => stack.muster.store.read(`INC-${number}`).then((incident) => incident?.channel?.id)
  return until('the channel', channel)
}

beforeAll(async () => {
  stack = await startStack({ env: { MUSTER_SECRET: secret } })
  general = stack.channelNamed('general')!.id
  const first = await declare(1, 'sev1 Nobody can pay in the whole shop')
  for (const text of [
    'service shipping',
    'update we are rolling back',
    'action [preventative] Alert on the pool @robin',
  ])
    await stack.command(dana, first, text.replace('@robin', `<@${robin}>`))
  for (const text of ['time impact_started 10m ago', 'status mitigated', 'resolve rolled back', 'cause shipping'])
    await stack.command(dana, first, text)
  await declare(2, 'sev3 =HYPERLINK("http://evil.example","click") is <b>slow</b> | 支付 Оплата')
  await declare(3, '--drill sev2 Game day')
  await stack.command(dana, await declare(4, 'sev2 A false alarm'), 'cancel nothing is wrong')
  await declarePrivately(stack, dana, 'Zebrafish leaked')
  await stack.settled()
}, 60_000)
afterAll(() => stack.stop())

const linkFor = async (command = 'insights'): Promise<string> => {
  await stack.command(dana, general, command)
  await stack.settled()
  const links = stack
    .messages(general)
    .filter(({ onlyFor }) => onlyFor === dana)
    .flatMap((message) => /<(http[^|>]*\/insights\?[^|>]*)\|/.exec(textOf(message))?.[1] ?? [])
  return (links.at(-1) ?? 'http://no.link.example/').replaceAll('&amp;', '&')
}
const read = async (link: string) => {
  const answer = await fetch(link)
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

describe('the page of insights', { timeout: 60_000 }, () => {
  test('shows counts, times, action items, updates and the incidents, and nothing private', async () => {
    const { status, headers, body } = await read(await linkFor())
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'.*form-action 'self'; frame-ancestors 'none'$/,
    )
    expect(body).toContain('<strong>2 incidents</strong>')
    expect(body).toContain('Not counted: 1 drill, 1 cancelled.')
    expect(body).toMatch(/Time to resolve<\/td>\s*<td>[^<]+<\/td>\s*<td>too few<\/td>\s*<td>1 of 2/)
    expect(body).toMatch(/Alert on the pool<\/td>\s*<td>Robin Okafor/)
    expect(body).toContain('Of 1 confirmed cause')
    expect(body).toContain('&lt;b&gt;slow&lt;/b&gt; | 支付 Оплата')
    expect(body).not.toContain('<script')
    expect(body).not.toMatch(/Zebrafish|INC-5/)
  })

  test('filters by service and time, and names what there is not', async () => {
    const link = await linkFor('insights shipping 30d')
    expect(link).toContain('days=30&of=service%3Ashipping')
    const { body } = await read(link)
    expect(body).toContain('<h1 id="incidents-shipping">Incidents: Shipping</h1>')
    expect(body).toContain('<strong>1 incident</strong>')
    expect(body).toMatch(/<option value="service:shipping" selected>/)
    expect(body).toMatch(/<option value="30" selected>/)
    expect((await read(link.replace('shipping', 'nowhere'))).status).toBe(400)
    // Anything else in the query means the usual range.
    expect((await read(link.replace('days=30', 'days=x'))).body).toMatch(/<option value="90" selected>/)
  })

  test('has a CSV that a spreadsheet runs nothing of', async () => {
    const { status, headers, body } = await read((await linkFor()).replace('/insights?', '/insights.csv?'))
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toBe('attachment; filename="incidents.csv"')
    expect(body).toContain(`"'=HYPERLINK(""http://evil.example"",""click"")`)
    expect(body).not.toContain('Zebrafish')
    expect(body.trim().split('\r\n')).toHaveLength(5)
  })

  test('opens with a signed link only, and says where a new one is', async () => {
    const link = await linkFor()
    expect(await read(link.replace(/signature=[^&]+/, 'signature=x'))).toMatchObject({
      status: 403,
      body: expect.stringContaining('/incident insights'),
    })
    const expired = signLink({ secret, baseUrl: stack.musterUrl, path: '/insights', expiresAt: Date.now() - 1_000 })
    expect(await read(expired)).toMatchObject({ status: 403, body: expect.stringContaining('has expired') })
    // A link to something else does not open it.
    const other = signLink({ secret, baseUrl: stack.musterUrl, path: '/incidents/INC-1', expiresAt: Date.now() + 9e6 })
    expect((await read(other.replace('/incidents/INC-1', '/insights'))).status).toBe(403)
  })

  test('is linked from Home', async () => {
    await stack.act({ type: 'open_home', as: robin })
    await until('the line', () =>
      JSON.stringify(stack.sandbox.slack.dump().homes.find(({ user }) => user === robin)?.definition ?? '').includes(
        `${stack.musterUrl}/insights?expires=`,
      ),
    )
  })

  test.skipIf(!hasChromium)('reads well in a browser: light, dark, on a phone, on paper; its form works', async () => {
    if (pictures) mkdirSync(pictures, { recursive: true })
    const browser = await startChromium()
    try {
      const looks = {
        light: {},
        dark: { colorScheme: 'dark' as const },
        phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const },
      }
      const url = await linkFor()
      for (const [name, look] of Object.entries(looks)) {
        const { page, problems, close } = await openPage(browser, url, look)
        await page.getByRole('heading', { level: 1 }).waitFor()
        const width = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]')
        const [content, window] = width as [number, number]
        expect(content, name).toBeLessThanOrEqual(window)
        if (pictures) await page.screenshot({ path: join(pictures, `insights-${name}.png`), fullPage: true })
        expect(problems, name).toEqual([])
        if (name === 'light') {
          if (pictures) await page.pdf({ path: join(pictures, 'insights.pdf'), format: 'A4' })
          await page.getByLabel('Of').selectOption('service:shipping')
          await page.getByRole('button', { name: 'Show' }).click()
          await page.getByRole('heading', { name: 'Incidents: Shipping' }).waitFor()
          const download = page.waitForEvent('download')
          await page.getByRole('button', { name: 'CSV' }).click()
          expect((await download).suggestedFilename()).toBe('incidents.csv')
        }
        await close()
      }
    } finally {
      await browser.close()
    }
  })
})
