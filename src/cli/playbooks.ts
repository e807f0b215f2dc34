import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { Refusal } from '../incident/errors.ts'
import { plain, typed } from '../incident/phrase.ts'
import { PLAYBOOK_PARTS, type SavedPlaybook } from '../incident/playbook.ts'
import { fillTemplate, SHIPPED_TEMPLATES, TemplateError } from '../postmortem/template.ts'
import { openStoreToRead } from '../store/store.ts'
import { knownNames } from './known-names.ts'

/**
 * `muster playbooks --out FOLDER`: every saved playbook as Markdown, a file each, from `templates/playbook.md`.
 * @returns what to print on standard error.
 * @throws Refusal when there is none yet.
 */
export const exportPlaybooks = async ({ env, file }: Config, folder: string): Promise<string[]> => {
  const store = await openStoreToRead(env.DATABASE_URL, Date.now)
  try {
    const all = await store.playbooks.all()
    if (all.length === 0) throw new Refusal('No playbook has been kept yet; `/incident edit-playbook` keeps one.')
    const names = new Map<string, string>()
    const nameOf = (id: string) => names.get(id) ?? id
    for (const id of new Set(all.flatMap(mentioned))) names.set(id, await knownNames(store)(id))
    await mkdir(folder, { recursive: true })
    const notes: string[] = []
    for (const playbook of all) {
      const out = join(folder, `${playbook.id}.md`)
      await writeFile(out, markdownOf(playbook, file.templates, nameOf))
      notes.push(`Wrote ${out}.`)
    }
    return notes
  } finally {
    await store.close()
  }
}

const textOf = (playbook: SavedPlaybook): string => PLAYBOOK_PARTS.map(({ name }) => playbook[name]).join('\n')
const mentioned = (playbook: SavedPlaybook): string[] =>
  typed(textOf(playbook)).flatMap((phrase) => ('person' in phrase ? [phrase.person] : []))

/** A playbook in Markdown; the operator's own template is used where there is one. */
export const markdownOf = (
  playbook: SavedPlaybook,
  folder: string | undefined,
  nameOf: (person: string) => string,
): string => {
  const data = playbookData(playbook, nameOf)
  try {
    if (folder) return fillTemplate(folder, 'playbook.md', data)
  } catch (error) {
    if (!(error instanceof TemplateError && error.absent)) throw error
  }
  return fillTemplate(SHIPPED_TEMPLATES, 'playbook.md', data)
}

/** What `playbook.md` is filled with. */
export const playbookData = (playbook: SavedPlaybook, nameOf: (person: string) => string) => ({
  playbook: { ...playbook, service: playbook.service ?? null },
  parts: PLAYBOOK_PARTS.map(({ name, label, empty }) => ({
    label,
    empty,
    lines: playbook[name].split('\n').flatMap((line) => (line.trim() ? [plain(typed(line), nameOf)] : [])),
  })),
})
