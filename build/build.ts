import { cpSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { importMeta } from './import-meta.ts'
import { noticesOf } from './notices.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What the program reads or is started by, unchanged. */
const COPIED = ['bin', 'templates', 'package.json', 'manifest.yml', 'LICENSE']

/**
 * Packages that stay in `node_modules`: native code, what reads files of its own, and what only some starts load.
 * pdjs brings a `fetch` that uses Node's `punycode`, of which Node warns at every start outside `node_modules`.
 */
const EXTERNAL = /^(better-sqlite3|pg|pdfmake|@resvg\/resvg-js|@expo-google-fonts|@pagerduty\/pdjs)(\/|$)/

/**
 * Builds an installation in the shape of a clone, with JavaScript in place of TypeScript: `bin/muster.js`,
 * `src/main.js`, a file for each command and migration. What they share, packages included, is in `src/chunks/`. All of
 * it is built in one run, so that a class exists once. The chunks are as deep as the modules in `src/<room>/`, so that
 * `../../templates/` beside `import.meta.url` means the same in both.
 * @param out the folder; what is in it is removed.
 * @throws when an import cannot be resolved, or the licence of a package does not let us pass it on.
 */
export const build = async (out: string): Promise<void> => {
  const entries = ['src/main.ts', ...globSync('{commands,migrations}/*.ts', { cwd: ROOT }).sort()]
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), join(ROOT, file)])),
    platform: 'node',
    tsconfig: false,
    external: (id) => EXTERNAL.test(id) || id.startsWith('../sandbox/'),
    plugins: [importMeta(ROOT)],
    onLog(_level, { message }) {
      throw new Error(message)
    },
  })
  rmSync(out, { recursive: true, force: true })
  const { output } = await bundle.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'src/chunks/[name]-[hash].js',
    // Paths as in a clone, wherever the build is: `src/engine/outbox.ts`.
    sourcemap: true,
    sourcemapPathTransform: (path, map) => relative(ROOT, resolve(dirname(map), path)),
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  for (const name of COPIED) cpSync(join(ROOT, name), join(out, name), { recursive: true })
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), noticesOf(modules))
}

if (import.meta.main) await build(join(ROOT, 'dist'))
