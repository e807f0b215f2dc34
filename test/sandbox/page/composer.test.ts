import { describe, expect, test } from 'vitest'
import { hasChromium } from '../../real/chromium.ts'
import { expectAccessible, withWorkspace } from './in-browser.ts'

describe.runIf(hasChromium)('the composer', () => {
  const { workspace, open } = withWorkspace()
  const incidents = () => workspace().slack.workspace.findChannel('incidents')?.id ?? ''

  test('completes commands and sub-commands and shows their usage', async () => {
    const { page, close } = await open({ channel: incidents() })
    const field = page.getByRole('textbox', { name: 'Message #incidents' })
    await field.click()
    await page.keyboard.type('/inc')
    await page.getByRole('option', { name: /incident declare/ }).waitFor()
    await page.keyboard.press('Tab')
    expect(await field.inputValue()).toBe('/incident ')
    const options = page.getByRole('listbox').getByRole('option')
    await expect.poll(() => options.count()).toBe(3)
    await expectAccessible(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('/incident declare ')
    expect(await page.locator('.usage').innerText()).toContain('declare <what is happening>')
    await close()
  })

  test('completes people by any name, channels and emoji', async () => {
    const { page, close } = await open({ channel: incidents() })
    const field = page.getByRole('textbox', { name: 'Message #incidents' })
    await field.click()
    await page.keyboard.type('ask @xanthippe')
    expect(await page.getByRole('option').count()).toBe(0)
    await field.fill('')
    await page.keyboard.type('ask @okaf')
    await page.getByRole('option', { name: /Robin Okafor/ }).click()
    await page.keyboard.type('in #engi')
    await page.keyboard.press('Tab')
    await page.keyboard.type(':rotating')
    await page.keyboard.press('Tab')
    expect(await field.inputValue()).toBe('ask @robin in #engineering :rotating_light: ')
    await page.keyboard.press('Enter')
    const message = page.locator('.message').last()
    await message.getByText('@robin').waitFor()
    expect(await message.locator('.message-content').innerText()).toBe('ask @robin in #engineering 🚨')
    await close()
  })

  test('closes suggestions on Escape and sends on Enter', async () => {
    const { page, close } = await open({ channel: incidents() })
    const field = page.getByRole('textbox', { name: 'Message #incidents' })
    await field.click()
    await page.keyboard.type('/incident status')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await page.getByText('Nobody but you sees this answer to status.').waitFor()
    await expect.poll(() => workspace().received.at(-1)).toMatchObject({ kind: 'command', body: 'status' })
    await close()
  })

  test('inserts a line break on Shift+Enter', async () => {
    const { page, close } = await open({ channel: incidents() })
    await page.getByRole('textbox', { name: 'Message #incidents' }).click()
    await page.keyboard.type('first')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('second')
    await page.keyboard.press('Enter')
    const message = page.locator('.message').last().locator('.message-content')
    await expect.poll(() => message.innerText()).toBe('first\nsecond')
    await close()
  })

  test('shares a picture', async () => {
    const { page, close } = await open({ channel: incidents() })
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await page.getByRole('button', { name: 'Share a picture' }).waitFor()
    const file = { name: 'latency.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') }
    await page.locator('.composer input[type=file]').setInputFiles(file)
    await page.locator('.message').last().locator('img[src*="/sandbox/files/"]').waitFor()
    await expectAccessible(page)
    await close()
  })
})
