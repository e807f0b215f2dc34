import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Liquid, LiquidError } from 'liquidjs'
import { messageOf, Permanent } from '../incident/errors.ts'
import { markdownOf } from './text.ts'

/** What Muster ships; never edited by operators who set a folder of their own. */
export const SHIPPED_TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url))

/** A template cannot be read or filled; the message is one sentence with file and line. Trying again cannot help. */
export class TemplateError extends Permanent {
  override name = 'TemplateError'
  /** There is no such file: nothing is wrong, the folder does not change this template. */
  readonly absent: boolean

  constructor(message: string, { absent, cause }: { absent: boolean; cause: unknown }) {
    super(message, { cause })
    this.absent = absent
  }
}

/** How long a template may run: an endless loop in one must not stop the rest of Muster. */
const LONGEST_RENDER_MS = 5_000
/** How much it may hold at once, in characters and list items. */
const MOST_MEMORY = 50_000_000

/**
 * Fills a template of a folder. Everything it prints becomes Markdown that means exactly that text.
 * @throws TemplateError
 */
export const fillTemplate = (folder: string, name: string, data: object): string => {
  const file = join(folder, name)
  const liquid = new Liquid({
    root: folder,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    jsTruthy: false,
    renderLimit: LONGEST_RENDER_MS,
    memoryLimit: MOST_MEMORY,
    outputEscape: markdownOf,
  })
  try {
    const template = liquid.parse(readFileSync(file, 'utf8'), file)
    const filled = liquid.renderSync(template, data) as string
    // Tags on lines of their own leave their line ends behind.
    return `${filled.trim().replace(/\n{3,}/g, '\n\n')}\n`
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new TemplateError(sentenceOf(file, error), { absent, cause: error })
  }
}

const sentenceOf = (file: string, error: unknown): string => {
  if (!LiquidError.is(error)) {
    return `The template ${file} cannot be used: ${messageOf(error)}.`
  }
  // LiquidJS appends ", file:..., line:L, col:C" to its messages.
  const [, what = error.message, line] = /^(.*?)(?:, file:.*?)?(?:, line:(\d+), col:\d+)?$/s.exec(error.message) ?? []
  return `The template ${file} cannot be used: ${line ? `line ${line}: ` : ''}${what.replace(/[.\s]+$/, '')}.`
}
