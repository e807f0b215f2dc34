import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { type ActionContext, visibleChannel } from './action-context.ts'
import type { WorkspaceEvent } from './client-api.ts'
import { dump } from './dump.ts'
import { Fault, type Faults } from './faults.ts'
import { mimetypeOf } from './files.ts'
import { readBody, sendJson } from './http.ts'
import { SlackRefusal } from './refusal.ts'
import type { Requests } from './request-log.ts'
import { UserActionSchema } from './user-action-schema.ts'
import { performAction } from './user-actions.ts'
import { messageViews, workspaceEvent, workspaceView } from './workspace-view.ts'

type Control = { context: ActionContext; faults: Faults; requests: Requests }
type Route = (context: { query: URLSearchParams; request: IncomingMessage; response: ServerResponse }) => unknown

/** Routes below `/sandbox/`: what people see and do, and what tests inject and count. */
export const sandboxRoutes = (control: Control) => {
  const { context, faults, requests } = control
  const { core } = context

  const routes: Record<string, Route> = {
    'GET workspace': ({ query }) => workspaceView(core, viewer(context, query)),
    'GET messages': ({ query }) => {
      const me = viewer(context, query)
      return messageViews(core, visibleChannel(core, query.get('channel') ?? '', me), me.id)
    },
    'GET events': ({ query, request, response }) => stream(context, viewer(context, query).id, request, response),
    'POST act': async ({ request }) => performAction(context, UserActionSchema.parse(await json(request))),
    'GET requests': ({ query }) => ({
      counts: requests.counts(),
      requests: requests.latest(query.get('method') ?? undefined).slice(0, Number(query.get('limit') ?? 200)),
    }),
    'GET dump': () => dump(core),
    'GET faults': () => faults.list(),
    'POST faults': async ({ request }) => {
      const faultsToAdd = z.union([Fault, z.array(Fault)]).parse(await json(request))
      for (const fault of Array.isArray(faultsToAdd) ? faultsToAdd : [faultsToAdd]) faults.add(fault)
      return faults.list()
    },
    'DELETE faults': () => {
      faults.clear()
      return []
    },
  }

  /** Resolves to false when there is no such route. */
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', core.url())
    if (!pathname.startsWith('/sandbox/')) return false
    const path = pathname.slice('/sandbox/'.length)
    if (request.method === 'GET' && path.startsWith('files/'))
      return sendFile(context, path.slice('files/'.length), response)
    const route = routes[`${request.method} ${path}`]
    if (!route) return false
    try {
      const answer = await route({ query: searchParams, request, response })
      if (!response.headersSent) sendJson(response, 200, answer)
    } catch (error) {
      if (error instanceof SlackRefusal) sendJson(response, 404, { error: error.error })
      else if (error instanceof z.ZodError) sendJson(response, 400, { error: z.prettifyError(error) })
      else throw error
    }
    return true
  }
}

/** The person named by `as`; the first one when a page has not chosen yet. */
const viewer = ({ core }: ActionContext, query: URLSearchParams) => {
  const { people } = core.workspace
  const as = query.get('as')
  const person = as === null ? [...people.values()].find(({ isBot }) => !isBot) : people.get(as)
  if (!person) throw new SlackRefusal('user_not_found')
  return person
}

const json = async (request: IncomingMessage): Promise<unknown> => {
  try {
    return JSON.parse((await readBody(request)).toString())
  } catch {
    throw new z.ZodError([{ code: 'custom', path: [], message: 'The body is not JSON.', input: undefined }])
  }
}

/** Server-sent events until the client disconnects. */
const stream = ({ core }: ActionContext, me: string, request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    Connection: 'keep-alive',
  })
  response.write(': connected\n\n')
  const show = (event: WorkspaceEvent): boolean => response.write(`data: ${JSON.stringify(event)}\n\n`)
  const stop = core.workspace.subscribe((change) => {
    const event = workspaceEvent(core, change, me)
    if (event) show(event)
  })
  request.on('close', stop)
}

const sendFile = ({ core }: ActionContext, id: string, response: ServerResponse): boolean => {
  const file = core.workspace.files.get(id)
  if (!file?.bytes) return false
  response.writeHead(200, {
    'Content-Type': mimetypeOf(file.name),
    'Content-Length': file.bytes.length,
    // Uploaded HTML or SVG must not run scripts in the page's origin.
    'Content-Security-Policy': "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:",
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(file.bytes)
  return true
}
