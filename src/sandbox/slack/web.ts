import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { answerApi, type Tokens } from './api.ts'
import { parseArguments } from './arguments.ts'
import type { Core } from './call.ts'
import type { Faults, Suffering } from './faults.ts'
import { readBody, sendJson, sendText } from './incoming.ts'
import type { Requests } from './requests.ts'
import type { ResponseUrls } from './response-urls.ts'
import { receiveUpload } from './uploads.ts'

type Web = { core: Core; tokens: Tokens; faults: Faults; requests: Requests; responseUrls: ResponseUrls }
type Work = (
  body: Buffer,
) => { status: number; body: string; headers?: Record<string, string> } | Promise<{ status: number; body: string }>

/** Slack's own addresses: the Web API, uploads and response addresses. False when the path is none of them. */
export const slackAddresses =
  (web: Web) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const { core, responseUrls } = web
    const path = new URL(request.url ?? '/', core.url()).pathname
    const contentType = request.headers['content-type'] ?? ''
    if (path.startsWith('/api/')) {
      const method = path.slice('/api/'.length)
      const authorization = request.headers.authorization
      await suffer(web, method, request, response, (body) => {
        const answer = answerApi(core, web.tokens, { method, authorization, contentType, body: body.toString() })
        const headers = { 'X-OAuth-Scopes': core.scopes.join(','), 'X-Slack-Req-Id': core.workspace.newId('R') }
        return { status: 200, body: JSON.stringify(answer), headers }
      })
      return true
    }
    if (path.startsWith('/upload/v1/')) {
      const file = core.workspace.files.get(path.slice('/upload/v1/'.length))
      await suffer(web, 'upload', request, response, async (body) =>
        file ? { status: 200, body: await receiveUpload(file, contentType, body) } : { status: 404, body: 'not_found' },
      )
      return true
    }
    if (responseUrls.owns(path) && request.method === 'POST') {
      await suffer(web, 'response_url', request, response, (body) =>
        responseUrls.post(path, parseArguments(contentType, body.toString())),
      )
      return true
    }
    return false
  }

/** Does the work with whatever faults were asked for around it, and writes down what came of it. */
const suffer = async (
  { core, faults, requests }: Web,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
  work: Work,
): Promise<void> => {
  const at = core.workspace.now()
  const body = await readBody(request)
  const { latencyMs, trouble } = faults.next(method)
  if (latencyMs > 0) await pause(latencyMs)
  const note = (status: number, outcome: string, text: string): void => {
    const asked = method === 'upload' ? `${body.length} bytes` : body.toString()
    requests.add({ at, method, status, outcome, ms: core.workspace.now() - at, request: asked, response: text })
  }
  if (trouble && !(trouble.kind === 'cut' && trouble.when === 'after')) {
    note(...fail(trouble, response))
    return
  }
  const answer = await work(body)
  if (trouble) {
    response.destroy()
    note(0, 'cut_after', answer.body)
    return
  }
  const json = answer.body.startsWith('{')
  const headers = { 'Content-Type': json ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8' }
  response.writeHead(answer.status, { ...headers, ...('headers' in answer && answer.headers) })
  response.end(answer.body)
  const { ok, error } = json
    ? (JSON.parse(answer.body) as { ok: boolean; error?: string })
    : { ok: answer.status === 200, error: answer.body }
  note(answer.status, ok ? 'ok' : (error ?? 'error'), answer.body)
}

const fail = (trouble: NonNullable<Suffering['trouble']>, response: ServerResponse): [number, string, string] => {
  switch (trouble.kind) {
    case 'rate_limit': {
      const headers = { 'Retry-After': String(trouble.retryAfterS) }
      return [429, 'ratelimited', sendJson(response, 429, { ok: false, error: 'ratelimited' }, headers)]
    }
    case 'status':
      return [trouble.status, `http_${trouble.status}`, sendText(response, trouble.status, 'Something went wrong.')]
    case 'error':
      return [200, trouble.error, sendJson(response, 200, { ok: false, error: trouble.error })]
    case 'cut':
      response.destroy()
      return [0, 'cut_before', '']
    default:
      return trouble satisfies never
  }
}
