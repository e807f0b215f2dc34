import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Licences that let a program be passed on with no more than their text beside it. */
const PERMISSIVE = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0']

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/
const TEXT = /^(licen[cs]e|copying|notice)/i

/**
 * The licences of the packages that bundled modules come from, as one text: each asks that its own goes with every copy.
 * @param modules the paths of the modules.
 * @throws when a package's licence is another one, or its text is missing.
 */
export const noticesOf = (modules: readonly string[]): string => {
  const folders = new Set(modules.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []))
  return [...new Set([...folders].map(noticeOf))].sort().join(`\n${'-'.repeat(80)}\n\n`)
}

const noticeOf = (folder: string): string => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (!PERMISSIVE.includes(license)) throw new Error(`${name} ${version} cannot be bundled: its licence is ${license}.`)
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile() && TEXT.test(file.name))
  if (files.length === 0) throw new Error(`${name} ${version} cannot be bundled: the text of its licence is missing.`)
  const texts = files.map((file) => readFileSync(join(folder, file.name), 'utf8').trim())
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}
