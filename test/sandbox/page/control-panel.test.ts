import { describe, expect, test } from 'vitest'
import { hasChromium } from '../../real/chromium.ts'
import { expectAccessible, withWorkspace } from './in-browser.ts'

describe.runIf(hasChromium)('the control panel', () => {
  const { workspace, open } = withWorkspace()

  test('plays a story from its card and opens the postmortem at the end', async () => {
    const { client, slack } = workspace()
    const { page, problems, close } = await open()
    await page.getByRole('button', { name: /Connection collapse/ }).click()
    await page.getByRole('textbox', { name: 'Message #incidents' }).waitFor()
    const playing = page.getByRole('region', { name: 'Story: Connection collapse' })
    await playing.getByRole('button', { name: 'Pause' }).click()
    await playing.getByRole('button', { name: '60 times' }).click()
    await expect.poll(() => playing.getByRole('button', { name: '60 times' }).getAttribute('aria-pressed')).toBe('true')
    const channel = slack.workspace.findChannel('incidents')?.id ?? ''
    await client.chat.postMessage({
      channel,
      text: `<${workspace().url}/incidents/INC-7/postmortem.html?expires=1&amp;signature=x|Postmortem of INC-7>`,
    })
    for (let step = 1; step <= 10; step++) {
      await playing.getByRole('button', { name: 'One step' }).click()
      await playing.getByText(`Step ${step} happens.`).waitFor()
    }
    const pane = page.getByRole('complementary', { name: 'INC-7 postmortem' })
    await pane.frameLocator('iframe').getByRole('heading', { name: 'Postmortem of INC-7' }).waitFor()
    await pane.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('link', { name: 'Postmortem of INC-7' }).click()
    await pane.waitFor()
    expect(problems).toEqual([])
    await close()
  })

  test('shows requests live and filters them', async () => {
    const { exchanges } = workspace()
    const { page, close } = await open()
    await page.getByRole('button', { name: 'Control panel' }).click()
    exchanges.add({
      with: 'slack',
      direction: 'out',
      method: 'POST',
      path: '/api/chat.postMessage',
      request: '{"channel":"C1"}',
      status: 200,
      response: '{"ok":true}',
      took: 12,
    })
    exchanges.add({
      with: 'prometheus',
      direction: 'out',
      method: 'GET',
      path: '/api/v1/query_range',
      status: 503,
      response: 'busy',
      took: 3,
    })
    const paths = page.locator('.exchange-path')
    await expect.poll(() => paths.allInnerTexts()).toEqual(['GET /api/v1/query_range', 'POST /api/chat.postMessage'])
    await page.getByRole('button', { name: 'slack', exact: true }).click()
    expect(await paths.allInnerTexts()).toEqual(['POST /api/chat.postMessage'])
    await paths.click()
    expect(await page.locator('.exchange pre').first().innerText()).toBe('{\n  "channel": "C1"\n}')
    await page.getByRole('searchbox', { name: 'Filter requests' }).fill('nothing like it')
    await page.getByText('No request matches.').waitFor()
    await expectAccessible(page)
    await close()
  })

  test('loses no request that arrives while the list is loading', async () => {
    const { exchanges } = workspace()
    const { page, close } = await open()
    const path = page.locator('.exchange-path', { hasText: '/api/meanwhile' })
    await page.route('**/sandbox/inspector', async (route) => {
      const response = await route.fetch()
      exchanges.add({ with: 'slack', direction: 'out', method: 'POST', path: '/api/meanwhile', status: 200 })
      await path.waitFor()
      await route.fulfill({ response })
    })
    const listed = page.waitForResponse('**/sandbox/inspector')
    await page.getByRole('button', { name: 'Control panel' }).click()
    await (await listed).finished()
    await page.locator('.exchange-path', { hasText: 'query_range' }).waitFor()
    expect(await path.count()).toBe(1)
    await close()
  })

  test('shows the outbox and switches faults on and off', async () => {
    const { page, close } = await open()
    await page.getByRole('button', { name: 'Control panel' }).click()
    await page.getByRole('tab', { name: 'Requests' }).press('ArrowRight')
    await page.getByRole('cell', { name: /post_summary/ }).waitFor()
    await page.getByRole('tab', { name: 'Faults' }).click()
    const grafana = page.getByRole('switch', { name: 'Grafana is down' })
    await grafana.click()
    await expect.poll(() => grafana.getAttribute('aria-checked')).toBe('true')
    await page.getByLabel('1 broken on purpose').waitFor()
    await expectAccessible(page)
    await grafana.click()
    await expect.poll(() => grafana.getAttribute('aria-checked')).toBe('false')
    await close()
  })

  test('shows the published Home tab', async () => {
    const { page, close } = await open()
    await page.getByRole('button', { name: 'Muster home' }).click()
    await page.getByRole('heading', { name: 'Open incidents' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Declare an incident' }).click()
    await expect.poll(() => workspace().received.at(-1)?.body).toMatchObject({ action_id: 'declare' })
    await close()
  })
})
