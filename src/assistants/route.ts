import type { IncomingMessage } from 'node:http'
import { type Response, Router } from 'express'
import rawBody from 'raw-body'
import { presentedSecret, sameText } from '../incident/proof.ts'
import type { Log } from '../platform/log.ts'
import type { Sources } from './tool.ts'

/** A call of a tool is a few hundred bytes. */
const MOST_BYTES = 128 * 1024
/** Maximum concurrent requests: assistants must not block people's access to the database. */
const MOST_AT_ONCE = 8

export type AssistantRouteOptions = {
  /** `MUSTER_MCP_TOKEN`: `secret`, or `U024BE7LH:secret` for one that reads what this person may read. */
  tokens: readonly string[]
  /** `PUBLIC_URL`. */
  publicUrl?: string | undefined
  /** The address listened on, and further names that `/mcp` is reached by, with or without port. */
  hosts: readonly string[]
  sources: Sources
  log: Log
}

/**
 * `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions, so that any replica answers any
 * request. The SDK is loaded with the first request that presents a token.
 */
export const assistantRoute = ({ tokens, publicUrl, hosts, sources, log }: AssistantRouteOptions): Router => {
  const router = Router()
  if (tokens.length === 0) return router
  const isOurs = hostCheck(publicUrl, hosts)
  let running = 0

  router.all('/mcp', async (request, response) => {
    // MCP, transports: `Origin` must be checked, or a page in somebody's browser could reach a server on their machine.
    const { host = '', origin } = request.headers
    if (!isOurs(host))
      return refuse(
        response,
        403,
        `"${host}" is not a name of this Muster; \`assistants.hosts\` in muster.yaml adds it.`,
      )
    if (origin !== undefined && !isOurs(URL.parse(origin)?.host ?? ''))
      return refuse(response, 403, 'Requests from pages of other sites are refused.')
    const holder = holderOf(presentedSecret(request as { headers: Record<string, string> }) ?? '', tokens)
    if (!holder) {
      response.set('WWW-Authenticate', 'Bearer')
      return refuse(response, 401, 'MCP needs one of MUSTER_MCP_TOKEN as a bearer token.')
    }
    if (request.method !== 'POST') {
      response.set('Allow', 'POST')
      return refuse(response, 405, 'There are no sessions or streams to open here; send each message by POST.')
    }
    if (running >= MOST_AT_ONCE) {
      response.set('Retry-After', '1')
      return refuse(response, 429, `More than ${MOST_AT_ONCE} requests at once; try again in a second.`)
    }
    running++
    try {
      const body = await bodyOf(request)
      if (typeof body === 'number')
        return refuse(
          response,
          body,
          body === 413 ? `The body is over ${MOST_BYTES} bytes.` : 'The body is not one JSON object.',
        )
      const { answerOverHttp } = await import('./http.ts')
      await answerOverHttp(request, response, { body, sources, user: holder.user, log })
    } finally {
      running--
    }
  })
  return router
}

/** JSON-RPC: one message a request; batches are no part of the protocol any more (MCP 2025-06-18). */
const bodyOf = async (request: IncomingMessage): Promise<object | number> => {
  try {
    const body: unknown = JSON.parse(await rawBody(request, { limit: MOST_BYTES, encoding: 'utf8' }))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : 400
  } catch (error) {
    return (error as Partial<rawBody.RawBodyError>).type === 'entity.too.large' ? 413 : 400
  }
}

/** The token's owner. Every token is always compared, so that the timing discloses nothing. */
const holderOf = (given: string, tokens: readonly string[]): { user?: string } | undefined =>
  tokens
    .map((token) => /^(?:(?<user>[UW][A-Z0-9]{2,}):)?(?<secret>.*)$/s.exec(token)?.groups ?? {})
    .reduce<{ user?: string } | undefined>((found, { user, secret = '' }) => {
      const same = sameText(given, secret) && secret !== ''
      return same ? { ...(user ? { user } : {}) } : found
    }, undefined)

/** The host names of this Muster, on any port; a configured name with a port only on that one. */
const hostCheck = (publicUrl: string | undefined, hosts: readonly string[]) => {
  const names = new Set(
    ['localhost', '127.0.0.1', '[::1]', URL.parse(publicUrl ?? '')?.host ?? 'localhost', ...hosts].map((name) =>
      name.toLowerCase(),
    ),
  )
  return (host: string) => names.has(host.toLowerCase()) || names.has(host.toLowerCase().replace(/:\d+$/, ''))
}

const refuse = (response: Response, status: number, sentence: string): void => {
  response.status(status).type('text/plain').send(`${sentence}\n`)
}
