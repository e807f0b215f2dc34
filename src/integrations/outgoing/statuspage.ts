import { z } from 'zod'
import { Permanent } from '../../incident/errors.ts'
import type { Send } from './sender.ts'
import { idIn, type PageEntry, type StatusPageClient } from './status-page.ts'

export const STATUSPAGE_URL = 'https://api.statuspage.io'

const Mark = z.object({ muster: z.object({ incident: z.string() }) })
const Listed = z.array(z.object({ id: z.string(), metadata: z.unknown() }))
const Updates = z.object({ incident_updates: z.array(z.object({ status: z.string(), body: z.string().nullish() })) })

/** Statuspage: https://developer.statuspage.io, "Incidents". `metadata` is ours: its top level must be objects. */
export const statuspageClient = (send: Send, page: string): StatusPageClient => {
  const incidents = `/v1/pages/${page}/incidents`
  const bodyOf = ({ status, text, components }: PageEntry) => ({
    status,
    body: text,
    ...(components.length > 0 ? { component_ids: components } : {}),
  })

  const findOurs = async (incident: string, signal: AbortSignal): Promise<string | undefined> => {
    const listed = Listed.safeParse((await send(`${incidents}/unresolved`, { signal })).json())
    return listed.data?.find(({ metadata }) => Mark.safeParse(metadata).data?.muster.incident === incident)?.id
  }

  const isThere = async (id: string, { status, text }: PageEntry, signal: AbortSignal): Promise<boolean> => {
    const read = Updates.safeParse((await send(`${incidents}/${id}`, { signal })).json())
    return read.data?.incident_updates.some((one) => one.status === status && one.body === text) ?? false
  }

  return {
    create: async (entry, mayBeThere, signal) => {
      const found = mayBeThere ? await findOurs(entry.incident, signal) : undefined
      if (found !== undefined) return found
      const metadata = { muster: { incident: entry.incident } }
      const body = { incident: { name: entry.title, metadata, ...bodyOf(entry) } }
      return idIn((await send(incidents, { method: 'POST', body, signal })).json(), 'Statuspage')
    },
    update: async (id, entry, mayBeThere, signal) => {
      if (mayBeThere && (await isThere(id, entry, signal))) return
      await send(`${incidents}/${id}`, { method: 'PATCH', body: { incident: bodyOf(entry) }, signal })
    },
    remove: (id, signal) => removed(() => send(`${incidents}/${id}`, { method: 'DELETE', signal })),
  }
}

/** Deletes; already deleted by hand is fine (404). */
export const removed = async (request: () => Promise<unknown>): Promise<void> => {
  await request().catch((error: unknown) => {
    if (!(error instanceof Permanent && / 404\b/.test(error.message))) throw error
  })
}
