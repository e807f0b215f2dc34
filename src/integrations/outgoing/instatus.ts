import { z } from 'zod'
import type { Send } from './sender.ts'
import { idIn, type PageEntry, type StatusPageClient } from './status-page.ts'
import { removed } from './statuspage.ts'

export const INSTATUS_URL = 'https://api.instatus.com'

const Listed = z.array(z.object({ id: z.string(), name: z.string(), started: z.string() }))
const Updates = z.object({ updates: z.array(z.object({ status: z.string(), message: z.string().nullish() })) })

/**
 * Instatus: https://instatus.com/help/api/incidents. It stores no metadata: our incident is recognised by its name and
 * start time.
 */
export const instatusClient = (send: Send, page: string): StatusPageClient => {
  const incidents = `/v1/${page}/incidents`
  const bodyOf = ({ status, text, components }: PageEntry) => ({
    message: text,
    status: status.toUpperCase(),
    components,
    notify: true,
  })

  const findOurs = async ({ title, startedAt }: PageEntry, signal: AbortSignal): Promise<string | undefined> => {
    const listed = Listed.safeParse((await send(incidents, { signal })).json())
    return listed.data?.find(({ name, started }) => name === title && Date.parse(started) === Date.parse(startedAt))?.id
  }

  const isThere = async (id: string, entry: PageEntry, signal: AbortSignal): Promise<boolean> => {
    const { status, message } = bodyOf(entry)
    const read = Updates.safeParse((await send(`${incidents}/${id}`, { signal })).json())
    return read.data?.updates.some((one) => one.status === status && one.message === message) ?? false
  }

  return {
    create: async (entry, mayBeThere, signal) => {
      const found = mayBeThere ? await findOurs(entry, signal) : undefined
      if (found !== undefined) return found
      const body = { name: entry.title, started: entry.startedAt, ...bodyOf(entry) }
      return idIn((await send(incidents, { method: 'POST', body, signal })).json(), 'Instatus')
    },
    update: async (id, entry, mayBeThere, signal) => {
      if (mayBeThere && (await isThere(id, entry, signal))) return
      await send(`${incidents}/${id}/incident-updates`, {
        method: 'POST',
        body: { ...bodyOf(entry), started: entry.saidAt },
        signal,
      })
    },
    remove: (id, signal) => removed(() => send(`${incidents}/${id}`, { method: 'DELETE', signal })),
  }
}
