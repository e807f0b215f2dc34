import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { callApi, type Tokens } from './api.ts'
import type { Core } from './core.ts'
import type { CallFaults, Faults } from './faults.ts'
import { mimetypeOf, receiveUpload } from './files.ts'
import { readBody, sendJson, sendText } from './http.ts'
import type { Requests } from './request-log.ts'
import type { ResponseUrls } from './response-urls.ts'

type Web = { core: Core; tokens: Tokens; faults: Faults; requests: Requests; responseUrls: ResponseUrls }

/** The response to a call, and its outcome for the request log: `ok` or the error. */
type Result = { outcome: string; answer: (response: ServerResponse) => string }
type Call = { name: string; work: (body: Buffer) => Result | Promise<Result> }

/** Slack's own routes: the Web API, file uploads and response URLs. Resolves to false for any other path. */
export const slackRoutes =
  (web: Web) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const call = callOf(web, request)
    if (call) await respondWithFaults(web, call, request, response)
    return call !== undefined
  }

const callOf = ({ core, tokens, responseUrls }: Web, request: IncomingMessage): Call | undefined => {
  const path = new URL(request.url ?? '/', core.url()).pathname
  const contentType = request.headers['content-type'] ?? ''
  const text = (status: number, body: string): Result => ({
    outcome: status === 200 ? 'ok' : body,
    answer: (response) => sendText(response, status, body),
  })

  if (path.startsWith('/api/')) {
    const method = path.slice('/api/'.length)
    const { authorization } = request.headers
    const headers = { 'X-OAuth-Scopes': core.scopes.join(','), 'X-Slack-Req-Id': core.workspace.newId('R') }
    const work = (body: Buffer): Result => {
      const answer = callApi(core, tokens, { method, authorization, contentType, body: body.toString() })
      return { outcome: answer.error ?? 'ok', answer: (response) => sendJson(response, 200, answer, headers) }
    }
    return { name: method, work }
  }
  if (path.startsWith('/upload/v1/')) {
    const file = core.workspace.files.get(path.slice('/upload/v1/'.length))
    const work = async (body: Buffer): Promise<Result> =>
      file ? text(200, await receiveUpload(file, contentType, body)) : text(404, 'not_found')
    return { name: 'upload', work }
  }
  // Slack: without a token that may read files, a page to log in answers.
  const shared = /^\/files-pri\/[A-Z0-9]+-(F[A-Z0-9]+)\//.exec(path)?.[1]
  if (shared !== undefined) {
    const file = core.workspace.files.get(shared)
    const mayRead = request.headers.authorization === `Bearer ${tokens.bot}` && core.scopes.includes('files:read')
    const work = (): Result => {
      if (!file?.bytes) return text(404, 'not_found')
      const { bytes, name } = file
      if (!mayRead) return text(200, '<!DOCTYPE html><title>Sign in</title>')
      return { outcome: 'ok', answer: (answered) => sendBytes(answered, bytes, mimetypeOf(name)) }
    }
    return { name: 'files-pri', work }
  }
  if (request.method === 'POST' && responseUrls.owns(path)) {
    const work = (body: Buffer): Result => {
      const answer = responseUrls.post(path, contentType, body.toString())
      return text(answer.status, answer.body)
    }
    return { name: 'response_url', work }
  }
  return undefined
}

const sendBytes = (response: ServerResponse, bytes: Buffer, type: string): string => {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length })
  response.end(bytes)
  return `${bytes.length} bytes`
}

/** Handles a call with its injected faults, and logs it. */
const respondWithFaults = async (
  { core, faults, requests }: Web,
  { name, work }: Call,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const at = core.workspace.scheduleNow()
  const body = await readBody(request)
  const { latencyMs, failure } = faults.next(name)
  if (latencyMs > 0) await pause(latencyMs)

  const cutAfter = failure?.kind === 'cut' && failure.when === 'after'
  const result = failure && !cutAfter ? failureResult(failure) : await work(body)
  const { outcome, answer } = cutAfter ? { outcome: 'cut_after', answer: cut } : result

  const sent = answer(response)
  requests.add({
    at,
    method: name,
    status: response.headersSent ? response.statusCode : 0,
    outcome,
    ms: core.workspace.scheduleNow() - at,
    request: name === 'upload' ? `${body.length} bytes` : body.toString(),
    response: sent,
  })
}

const cut = (response: ServerResponse): string => {
  response.destroy()
  return ''
}

const failureResult = (failure: NonNullable<CallFaults['failure']>): Result => {
  switch (failure.kind) {
    case 'rate_limit': {
      const headers = { 'Retry-After': String(failure.retryAfterS) }
      const refused = { ok: false, error: 'ratelimited' }
      return { outcome: 'ratelimited', answer: (response) => sendJson(response, 429, refused, headers) }
    }
    case 'status':
      return {
        outcome: `http_${failure.status}`,
        answer: (response) => sendText(response, failure.status, 'Something went wrong.'),
      }
    case 'error':
      return {
        outcome: failure.error,
        answer: (response) => sendJson(response, 200, { ok: false, error: failure.error }),
      }
    case 'cut':
      return { outcome: 'cut_before', answer: cut }
    default:
      return failure satisfies never
  }
}
