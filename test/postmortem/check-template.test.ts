import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkTemplates } from '../../src/cli/templates.ts'
import { checkTemplate } from '../../src/postmortem/check-template.ts'
import { SHIPPED_TEMPLATES } from '../../src/postmortem/template.ts'

const folderWith = (template: string, name = 'postmortem.md') => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-templates-'))
  writeFileSync(join(folder, name), template)
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
  const { works, line } = await checked(folder)
  expect(works).toBe(true)
  expect(line).toContain(`${join(folder, 'postmortem.md')} works.`)
})

test('checks a playbook template, too, with a full playbook and an empty one', async () => {
  const fine = folderWith('{{ playbook.title }}{% for part in parts %}{{ part.lines }}{% endfor %}', 'playbook.md')
  expect(await checked(fine)).toMatchObject({ works: true, line: expect.stringContaining('playbook.md works.') })
  const broken = folderWith('\n{% for part in parts %}{{ part.label }}{{ part.nme }}{% endfor %}', 'playbook.md')
  expect(await checked(broken)).toMatchObject({
    works: false,
    line: expect.stringContaining('line 2: undefined variable: part.nme'),
  })
  const rare = folderWith(
    '{% for part in parts %}{% if part.lines.size == 0 %}{{ part.none }}{% endif %}{% endfor %}',
    'playbook.md',
  )
  expect(await checked(rare)).toMatchObject({ works: false })
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
    works: false,
    line: 'The folder /nowhere/at/all does not exist; Muster uses its own templates.',
  })
  const empty = mkdtempSync(join(tmpdir(), 'muster-templates-'))
  expect(await checked(empty)).toMatchObject({ works: true, line: expect.stringContaining('Muster uses its own') })
})
