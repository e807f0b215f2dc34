import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkTemplate } from '../postmortem/check-template.ts'

const TEMPLATES = ['postmortem.md']

/**
 * `muster templates check`: renders every template of the operator's folder with a fully populated incident, and with
 * an empty one.
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
  for (const name of TEMPLATES) {
    const file = join(folder, name)
    if (!existsSync(file)) {
      print(`${name} is not in ${folder}; Muster uses its own.`)
      continue
    }
    const problem = await checkTemplate(folder, name)
    works &&= problem === undefined
    print(problem ?? `${file} works.`)
  }
  return works
}
