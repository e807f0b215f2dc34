import { pagerdutyClient } from '../../../src/integrations/pagerduty/client.ts'
import { fixture } from '../delivery.ts'
import { type Answer, type Request, serve } from '../server.ts'

export const json = (name: string) => JSON.parse(fixture(`pagerduty/${name}.json`).toString())

/** PagerDuty with these routes, `GET /oncalls`, and a client of it. */
export const pagerduty = async (
  routes: Record<string, Answer | ((request: Request) => Answer)>,
  options: object = {},
) => {
  const server = await serve((request) => {
    const route = routes[`${request.method} ${request.path}`] ?? { status: 404, body: { error: { code: 2100 } } }
    return typeof route === 'function' ? route(request) : route
  })
  const client = pagerdutyClient({ token: 'u+secret', from: 'bot@acme.example', url: server.url, ...options })
  return { ...server, client }
}
export const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as Error,
  )
export const refused = (status: number, code: number, ...errors: string[]): Answer => ({
  status,
  body: { error: { code, message: 'Invalid Input Provided', errors } },
})
