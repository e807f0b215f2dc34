import { z } from 'zod'
import { Link, List, Text } from '../../incident/outside.ts'
import type { Rest } from './rest.ts'

const Entry = z.object({
  id: z.string(),
  summary: Text,
  timestamp: Text,
  source: Text,
  services: List(z.object({ id: Text, summary: Text })),
  links: List(z.object({ href: Link })),
  custom_details: z.record(z.string(), z.unknown()).optional().catch(undefined),
})
/** A change event as PagerDuty's REST API returns it. */
export type ChangeEvent = z.infer<typeof Entry>

/** Changes that were reported to PagerDuty; it keeps them for 90 days. */
export const changeEvents = (rest: Rest) => ({
  /** Change events between two instants (epoch ms), of one service (PagerDuty's id) or of all. */
  async changeEvents(
    { from, to, service }: { from: number; to: number; service?: string | undefined },
    signal?: AbortSignal,
  ): Promise<ChangeEvent[]> {
    const path = service ? `/services/${encodeURIComponent(service)}/change_events` : '/change_events'
    const query = { since: wholeSeconds(from), until: wholeSeconds(to) }
    return List(Entry).parse(await rest.pages(path, 'change_events', query, signal))
  },
})

/** PagerDuty: times in queries have no fraction of a second. */
const wholeSeconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
