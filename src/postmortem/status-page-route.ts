import { Router } from 'express'
import { refuse, type Signing, signedRoute } from './signed-route.ts'
import type { StatusPages } from './status-page.ts'
import { HTML_POLICY } from './style.ts'

/** For whom a link to a status page was made. */
export type Audience = 'everybody' | 'members'

/** The path of an incident's status page, as it is signed. Only one made for members opens a private incident. */
export const statusPagePath = (id: string, audience: Audience): string =>
  `/incidents/${id}${audience === 'members' ? '/private' : ''}`

/** Serves `GET` and `HEAD /incidents/INC-42`, the read-only page for managers, to clients with a signed link. */
export const statusPageRoutes = ({ statusPages, ...signing }: Signing & { statusPages: StatusPages }): Router => {
  const router = Router()
  for (const audience of ['everybody', 'members'] as const) {
    const handler = signedRoute(signing, {
      path: (id) => statusPagePath(id, audience),
      // No `sandbox` here: browsers ignore a refresh in a sandboxed page.
      policy: `${HTML_POLICY}; frame-ancestors 'none'`,
      command: 'link',
      what: 'The status page',
      async answer(id, response) {
        const page = await statusPages.html(id)
        if (!page) return refuse(response, 404, `There is no incident ${id}.`)
        // It became private after the link was made.
        if (page.private && audience === 'everybody')
          return refuse(
            response,
            403,
            'This link no longer works. Members of the channel get a new one: /incident link.',
          )
        response.type('text/html; charset=utf-8').send(page.html)
      },
    })
    router.get(statusPagePath(':id', audience), handler)
  }
  return router
}
