import { relative } from 'node:path'
import type { Plugin } from 'rolldown'

/** The entry point of a thread, as our code names it: `new URL('./worker.ts', import.meta.url)`. */
const WORKER = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/

/**
 * Keeps `import.meta.url` true in chunks: a thread's entry point is named as it is built, beside the chunks, and a module
 * that is not as deep as a chunk may not use `import.meta`.
 * @param found is called with the entry point of every thread.
 */
export const importMeta = (root: string, found: (file: string) => void): Plugin => ({
  name: 'import-meta',
  async transform(code, id) {
    if (!id.startsWith(root) || id.includes('/node_modules/') || !code.includes('import.meta')) return null
    const path = relative(root, id)
    if (!/^src\/[^/]+\/[^/]+$/.test(path))
      throw new Error(
        `${path} uses import.meta, but is not as deep as the chunks in src/chunks/: move it to src/<room>/.`,
      )
    const [expression, worker] = WORKER.exec(code) ?? []
    if (!expression || !worker) return null
    const resolved = await this.resolve(`./${worker}.ts`, id)
    if (!resolved) throw new Error(`${path} starts ./${worker}.ts, which does not exist.`)
    found(resolved.id)
    // On one line, so that the source map still holds.
    return { code: code.replace(expression, `new URL('./${worker}.js', import.meta.url)`), map: null }
  },
})
