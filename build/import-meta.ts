import { relative } from 'node:path'
import type { Plugin } from 'rolldown'

/** The entry point of a thread, as our code names it: `new URL('./worker.ts', import.meta.url)`. */
const WORKER = /new URL\('(\.\/[\w-]+\.ts)', import\.meta\.url\)/

/**
 * Keeps `import.meta.url` true in chunks: the entry points of threads are built too and named as they were built, and a
 * module that is not as deep as a chunk may not use it.
 */
export const importMeta = (root: string): Plugin => ({
  name: 'import-meta',
  async transform(code, id) {
    const path = relative(root, id)
    if (!id.startsWith(root) || id.includes('/node_modules/') || !code.includes('import.meta')) return null
    if (!/^src\/[^/]+\/[^/]+$/.test(path))
      throw new Error(
        `${path} uses import.meta, but is not as deep as the chunks in src/chunks/: move it to src/<room>/.`,
      )
    const [expression, worker] = WORKER.exec(code) ?? []
    if (!expression || !worker) return null
    const found = await this.resolve(worker, id)
    if (!found) throw new Error(`${path} starts ${worker}, which does not exist.`)
    const reference = this.emitFile({ type: 'chunk', id: found.id })
    // On one line, so that the source map still holds.
    return { code: code.replace(expression, `new URL(import.meta.ROLLUP_FILE_URL_${reference})`), map: null }
  },
})
