import { cpSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
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
 * `src/main.js`, a file for each command and migration. What they share, packages included, is in `src/chunks/`. It is
 * built in one run, so that a class exists once; threads are programs of their own, in another. The chunks are as deep
 * as the modules in `src/<room>/`, so that `../../templates/` beside `import.meta.url` means the same in both.
 * @param out the folder; what is in it is removed.
 * @throws when an import cannot be resolved, or the licence of a package does not let us pass it on.
 */
export const build = async (out: string): Promise<void> => {
  rmSync(out, { recursive: true, force: true })
  const entries = ['src/main.ts', ...globSync('{commands,migrations}/*.ts', { cwd: ROOT }).sort()]
  const threads = new Set<string>()
  const program = await bundle(out, named(entries, withoutEnding), (thread) => threads.add(thread))
  const ofThreads = await bundle(
    out,
    named(threads, (file) => `src/chunks/${withoutEnding(basename(file))}`),
  )
  for (const name of COPIED) cpSync(join(ROOT, name), join(out, name), { recursive: true })
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), noticesOf([...program, ...ofThreads]))
}

const withoutEnding = (file: string): string => file.replace(/\.ts$/, '')

const named = (files: Iterable<string>, nameOf: (file: string) => string): Record<string, string> =>
  Object.fromEntries([...files].map((file) => [nameOf(file), resolve(ROOT, file)]))

/** Writes entry points and what they import; returns the paths of the modules. */
const bundle = async (
  out: string,
  input: Record<string, string>,
  foundThread: (file: string) => void = () => {},
): Promise<string[]> => {
  const built = await rolldown({
    cwd: ROOT,
    input,
    platform: 'node',
    tsconfig: false,
    external: (id) => EXTERNAL.test(id) || id.startsWith('../sandbox/'),
    plugins: [importMeta(ROOT, foundThread)],
    onLog(_level, { message }) {
      throw new Error(message)
    },
  })
  const { output } = await built.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'src/chunks/[name]-[hash].js',
    // Every command needs these: one file is read faster than fifty.
    codeSplitting: { groups: [{ name: 'core', test: /\/src\/(conversation|incident)\// }] },
    // Paths as in a clone, wherever the build is: `src/engine/outbox.ts`.
    sourcemap: true,
    sourcemapPathTransform: (path, map) => relative(ROOT, resolve(dirname(map), path)),
    sourcemapExcludeSources: true,
  })
  await built.close()
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
}

if (import.meta.main) await build(join(ROOT, 'dist'))
