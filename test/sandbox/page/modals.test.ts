import { describe, expect, test } from 'vitest'
import { hasChromium, type Page } from '../../real/chromium.ts'
import { expectAccessible, withWorkspace } from './in-browser.ts'

describe.runIf(hasChromium)('modals', () => {
  const { workspace, open } = withWorkspace()

  const openForm = async (look = {}) => {
    const channel = workspace().slack.workspace.findChannel('incidents')?.id ?? ''
    const opened = await open({ channel }, look)
    const field = opened.page.getByRole('textbox', { name: 'Message #incidents' })
    await field.fill('/incident declare')
    await field.press('Enter')
    return { ...opened, form: opened.page.getByRole('dialog', { name: 'Declare an incident' }) }
  }
  const submit = (page: Page) => page.getByRole('button', { name: 'Declare', exact: true }).click()
  const submissions = () => workspace().received.filter(({ kind }) => kind === 'view_submission')

  test('shows every input and traps focus', async () => {
    const { page, form, problems, close } = await openForm()
    await form.waitFor()
    expect(await form.locator('.block-input').count()).toBe(15)
    expect(await form.locator('.alert').innerText()).toContain('Two incidents on Shipping')
    await expect
      .poll(() => page.evaluate('document.activeElement.getAttribute("placeholder")'))
      .toBe('Customers cannot pay')
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    expect(problems).toEqual([])
    await close()
  })

  test('opens only in the page it was opened from', async () => {
    const { page, form, close } = await openForm()
    await form.waitFor()
    const other = await page.context().newPage()
    await other.goto(page.url())
    const field = other.getByRole('textbox', { name: 'Message #incidents' })
    await field.fill('The other page still works')
    await field.press('Enter')
    await other.locator('.message', { hasText: 'The other page still works' }).waitFor()
    expect(await other.getByRole('dialog').count()).toBe(0)
    await field.fill('/incident declare')
    await field.press('Enter')
    await other.getByRole('dialog', { name: 'Declare an incident' }).waitFor()
    expect(await form.count()).toBe(1)
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    expect(await other.getByRole('dialog').count()).toBe(1)
    await other.keyboard.press('Escape')
    await expect.poll(() => other.getByRole('dialog').count()).toBe(0)
    await close()
  })

  test('reports missing values before submitting', async () => {
    const { page, form, close } = await openForm()
    const before = submissions().length
    await submit(page)
    expect(await form.locator('.input-error').allInnerTexts()).toEqual([
      'Please complete this required field.',
      'Please complete this required field.',
    ])
    await form.getByRole('textbox', { name: 'Contact' }).fill('nobody')
    await form.getByRole('spinbutton').fill('120')
    await submit(page)
    expect(await form.locator('.input-error').allInnerTexts()).toEqual(
      expect.arrayContaining(['Enter a valid e-mail address.', 'Enter 100 or less.']),
    )
    expect(submissions()).toHaveLength(before)
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    await close()
  })

  test("shows the app's validation errors, keeps the entered values, and stacks a pushed view", async () => {
    const { page, form, close } = await openForm()
    await form.getByRole('textbox', { name: 'What is happening?' }).fill('Broken')
    await form.getByRole('combobox', { name: 'Severity' }).click()
    await page.keyboard.type('many')
    await page.keyboard.press('Enter')
    await form.getByRole('combobox', { name: 'Who should be in?' }).click()
    await page.keyboard.type('robin')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await form.getByRole('radio', { name: /Only those invited/ }).check()
    await form.getByRole('checkbox', { name: 'Support' }).check()
    await submit(page)
    await form.getByText('Say a little more').waitFor()
    expect(await form.getByRole('textbox', { name: 'What is happening?' }).inputValue()).toBe('Broken')
    await form.getByRole('textbox', { name: 'What is happening?' }).fill('Customers cannot pay')
    await submit(page)
    const details = page.getByRole('dialog', { name: 'Details' })
    await details.waitFor()
    expect(submissions().at(-1)?.body).toMatchObject({
      title: { value: { value: 'Customers cannot pay' } },
      severity: { value: { selected_option: { value: 'sev2' } } },
      people: { value: { selected_users: ['U0ROBIN001'] } },
      private: { value: { selected_option: { value: 'private' } } },
      notify: { value: { selected_options: [{ value: 'support' }] } },
      day: { value: { selected_date: '2026-11-21' } },
      services: { value: { selected_options: [] } },
      notes: { value: { value: null } },
    })
    await details.getByRole('button', { name: 'Back' }).first().click()
    await form.waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    await close()
  })

  test("enters an instant in the viewer's time zone", async () => {
    const { page, form, close } = await openForm()
    await form.getByRole('textbox', { name: 'What is happening?' }).fill('Customers cannot pay')
    await form.getByRole('combobox', { name: 'Severity' }).click()
    await page.getByRole('option', { name: /SEV-1/ }).click()
    await form.getByLabel('Since when?').fill('2026-11-21T04:00')
    await submit(page)
    await page.getByRole('dialog', { name: 'Details' }).waitFor()
    // Dana is in Berlin.
    expect(submissions().at(-1)?.body).toMatchObject({
      since: { value: { selected_date_time: Date.UTC(2026, 10, 21, 3) / 1000 } },
    })
    await page.keyboard.press('Escape')
    await form.waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    await close()
  })

  test('fills the screen on a phone', async () => {
    const { page, form, close } = await openForm({ viewport: { width: 390, height: 844 } })
    await form.waitFor()
    expect(await form.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    await close()
  })

  test('opens from a global and a message shortcut', async () => {
    const { client, received, slack } = workspace()
    const channel = slack.workspace.findChannel('incidents')?.id ?? ''
    await client.chat.postMessage({ channel, text: 'Worth remembering' })
    const { page, close } = await open({ channel })
    await page.getByRole('button', { name: 'Shortcuts' }).click()
    await page.getByRole('menuitem', { name: /Declare incident/ }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.getByText('Worth remembering').hover()
    await page.locator('.message').last().getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: /Add to timeline/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(received.filter(({ kind }) => kind === 'shortcut').map(({ body }) => body)).toEqual([
      'declare_incident_shortcut',
      'add_to_timeline',
    ])
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await close()
  })

  test('shows a notice above the modal when the app does not respond', async () => {
    const { page, form, close } = await openForm()
    await form.waitFor()
    await page.route('**/sandbox/act', (route) => route.fulfill({ json: { ok: false, error: 'operation_timeout' } }))
    await form.getByRole('textbox', { name: 'What is happening?' }).fill('Customers cannot pay')
    await form.getByRole('combobox', { name: 'Severity' }).click()
    await page.getByRole('option', { name: /SEV-1/ }).click()
    await submit(page)
    const notice = page.locator('.notice', { hasText: 'Muster did not answer in time. Try again.' })
    await notice.waitFor()
    expect(await page.evaluate('document.querySelector(".notices").matches(":popover-open")')).toBe(true)
    await page.unroute('**/sandbox/act')
    await page.keyboard.press('Escape')
    await expect.poll(() => form.count()).toBe(0)
    await close()
  })
})
