#!/usr/bin/env node
// Plain JavaScript that any Node can parse: an old one is told what it needs instead of printing a syntax error.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Muster needs Node.js 24 or later; this is ${process.version}. In a clone, \`npm run muster -- ...\` uses the one among the development packages.`,
  )
  process.exit(1)
}

// Loading leaves mostly garbage behind; without this V8 answers it with a larger young generation and keeps it, 20 MB.
// `serve` restores the default once it runs, so that a storm finds the heap it needs.
const { setFlagsFromString } = await import('node:v8')
setFlagsFromString('--semi-space-growth-factor=1')

// What Node compiled is kept beside the packages for the next start: only who may change the code may write there.
// Where nobody may, what is there is read, and nothing is kept.
const { enableCompileCache } = await import('node:module')
enableCompileCache(new URL('../node_modules/.cache/muster', import.meta.url).pathname)

// A clone has the TypeScript, and what was built (`dist/`, the image) has the JavaScript; no folder has both, so that a
// clone never runs an old build.
const source = new URL('../src/main.ts', import.meta.url)
const { existsSync } = await import('node:fs')
if (existsSync(source)) await import(source.href)
else {
  const { nameSourcesInTraces } = await import('./stack-traces.js')
  nameSourcesInTraces()
  await import(new URL('../src/main.js', import.meta.url).href)
}

export {}
