import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SavedPlaybook } from '../incident/playbook.ts'
import { checkTemplate } from '../postmortem/check-template.ts'
import { fillTemplate, TemplateError } from '../postmortem/template.ts'
import { playbookData } from './playbooks.ts'

const PLAYBOOK: SavedPlaybook = {
  id: 'PB-1',
  edition: 2,
  at: Date.UTC(2026, 2, 14, 3),
  by: 'U0ADA0001',
  from: 'INC-1',
  features: [],
  title: 'The pool is exhausted',
  service: 'checkout',
  symptoms: 'Alert PoolExhausted',
  looks: 'Pool dashboard',
  mitigations: 'Restart the pool\nEnlarge it',
  people: '<@U0ADA0001> knows the settings',
}
const { service: _service, ...WITHOUT_SERVICE } = PLAYBOOK
const EMPTY_PLAYBOOK: SavedPlaybook = { ...WITHOUT_SERVICE, symptoms: '', looks: '', mitigations: '', people: '' }

/** Why a `playbook.md` cannot be used, in one sentence with its line; undefined when it works. */
const checkPlaybook = async (folder: string, name: string): Promise<string | undefined> => {
  try {
    for (const playbook of [PLAYBOOK, EMPTY_PLAYBOOK])
      fillTemplate(
        folder,
        name,
        playbookData(playbook, (id) => id),
      )
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return error.message
    throw error
  }
}

const TEMPLATES = { 'postmortem.md': checkTemplate, 'playbook.md': checkPlaybook }

/**
 * `muster templates check`: renders every template of the operator's folder with a fully populated
 * incident or playbook, and with an empty one.
 * @returns false when one fails; `print` gets a line for each.
 */
export const checkTemplates = async (folder: string | undefined, print: (line: string) => void): Promise<boolean> => {
  if (folder === undefined) {
    print('muster.yaml names no folder of templates; Muster uses its own.')
    return true
  }
  if (!existsSync(folder)) {
    print(`The folder ${folder} does not exist; Muster uses its own templates.`)
    return false
  }
  let works = true
  for (const [name, check] of Object.entries(TEMPLATES)) {
    const file = join(folder, name)
    if (!existsSync(file)) {
      print(`${name} is not in ${folder}; Muster uses its own.`)
      continue
    }
    const problem = await check(folder, name)
    works &&= problem === undefined
    print(problem ?? `${file} works.`)
  }
  return works
}
