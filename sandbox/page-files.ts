import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { basename, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Response, type Router } from 'express'

const FOLDER = fileURLToPath(new URL('page/', import.meta.url))

/** Libraries the page imports, by served name; keep in step with the import map in `index.html`. */
const LIBRARIES: Record<string, URL> = {
  'preact.js': resolve('preact'),
  'preact-hooks.js': resolve('preact/hooks'),
  'htm.js': resolve('htm'),
  'gemoji.js': resolve('gemoji'),
  'markdown-it.js': resolve('markdown-it/browser'),
  // The package does not export its browser build; resolve it from the package entry.
  'echarts.js': new URL('dist/echarts.esm.min.mjs', resolve('echarts')),
}

function resolve(name: string): URL {
  return new URL(import.meta.resolve(name))
}

const TYPES: Record<string, string> = { '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' }

/**
 * Serves the browser page without a build step: TypeScript modules with their types stripped, libraries from
 * node_modules, nothing from other hosts.
 */
export function pageFiles(): Router {
  const routes = express.Router()

  routes.get('/', async (_request, response) => {
    const page = (await readFile(join(FOLDER, 'index.html'), 'utf8')).replace('</head>', `${await preloads()}</head>`)
    response.setHeader('content-security-policy', policyFor(page))
    send(response, 'text/html', page)
  })

  routes.get('/sandbox/page/*path', async (request, response, next) => {
    const path = normalize(([] as string[]).concat(request.params.path ?? []).join('/'))
    const type = extname(path) === '.ts' ? 'text/javascript' : TYPES[extname(path)]
    if (path.startsWith('..') || !type) return next()
    const text = await readFile(join(FOLDER, path), 'utf8').catch(() => undefined)
    if (text === undefined) return next()
    send(response, type, type === 'text/javascript' ? stripTypeScriptTypes(text) : text)
  })

  routes.get('/sandbox/lib/:name', async (request, response, next) => {
    const file = LIBRARIES[basename(request.params.name)]
    if (!file) return next()
    send(response, 'text/javascript', await readFile(file, 'utf8'))
  })

  return routes
}

/** Preloads every module; otherwise the browser discovers imports one round trip per level. */
async function preloads(): Promise<string> {
  const files = await readdir(FOLDER, { recursive: true })
  const modules = files.filter((file) => extname(file) === '.ts').map((file) => `/sandbox/page/${file}`)
  return modules.map((path) => `<link rel="modulepreload" href="${path}" />`).join('\n')
}

function send(response: Response, type: string, body: string) {
  response.setHeader('content-type', `${type}; charset=utf-8`)
  response.setHeader('cache-control', 'no-cache')
  response.setHeader('x-content-type-options', 'nosniff')
  response.send(body)
}

/** Scripts from this origin only. The import map is the one inline script, allowed by its hash. */
function policyFor(page: string): string {
  const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? ''
  const hash = createHash('sha256').update(map).digest('base64')
  return [
    "default-src 'self'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: http: https:",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}
