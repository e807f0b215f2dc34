import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkTemplates } from '../../src/cli/templates.ts'
import { checkTemplate } from '../../src/postmortem/check-template.ts'
import { SHIPPED_TEMPLATES } from '../../src/postmortem/template.ts'

const folderWith = (template: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-templates-'))
  writeFileSync(join(folder, 'postmortem.md'), template)
  return folder
}
const checked = async (folder: string | undefined) => {
  const lines: string[] = []
  return { works: await checkTemplates(folder, (line) => lines.push(line)), line: lines.join() }
}

test("Muster's own template works", async () => {
  expect(await checkTemplate(SHIPPED_TEMPLATES, 'postmortem.md')).toBeUndefined()
})

test('reports a working template as ok', async () => {
  const folder = folderWith('# {{ incident.title }}\n')
  expect(await checked(folder)).toEqual({ works: true, line: `${join(folder, 'postmortem.md')} works.` })
})

test.each([
  ['# x\n\n{{ incident.titel }}\n', 'line 3: undefined variable: incident.titel.'],
  ['{% for action in actions %}\n{{ action.nme }}\n{% endfor %}', 'line 2: undefined variable: action.nme.'],
  ['{% if incident %}', 'line 1: tag {% if incident %} not closed.'],
  // Only an incident about which little is known shows this one.
  ['{% if impact.unknown %}\n{{ impact.reason }}{% endif %}', 'line 2: undefined variable: impact.reason.'],
])('rejects a broken template with its line and the reason: %j', async (template, reason) => {
  const { works, line } = await checked(folderWith(template))
  expect(works).toBe(false)
  expect(line).toContain(reason)
})

test('reports a missing setting, folder or file plainly', async () => {
  expect(await checked(undefined)).toMatchObject({ works: true })
  expect(await checked('/nowhere/at/all')).toEqual({
    ...{ works: false, line: 'The folder /nowhere/at/all does not exist; Muster uses its own templates.' },
  })
  const empty = mkdtempSync(join(tmpdir(), 'muster-templates-'))
  expect(await checked(empty)).toMatchObject({ works: true, line: expect.stringContaining('Muster uses its own') })
})
