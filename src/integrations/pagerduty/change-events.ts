import { z } from 'zod'
import { Link, List, Text } from '../../incident/outside.ts'
import type { Call } from './call.ts'

const Entry = z.object({
  id: z.string(),
  summary: Text,
  timestamp: Text,
  source: Text,
  services: List(z.object({ id: Text, summary: Text })),
  links: List(z.object({ href: Link })),
  custom_details: z.record(z.string(), z.unknown()).optional().catch(undefined),
})
/** A change event, as PagerDuty tells it. */
export type ChangeEvent = z.infer<typeof Entry>

/** What PagerDuty was told of changes; it forgets them after 90 days. */
export const changeEvents = (call: Call) => ({
  /** Change events between two instants (epoch ms), of one service (PagerDuty's id) or of all. */
  async changeEvents(
    { from, to, service }: { from: number; to: number; service?: string | undefined },
    signal?: AbortSignal,
  ): Promise<ChangeEvent[]> {
    const path = service ? `/services/${encodeURIComponent(service)}/change_events` : '/change_events'
    const query = { since: new Date(from).toISOString(), until: new Date(to).toISOString() }
    return List(Entry).parse(await call.pages(path, 'change_events', query, signal))
  },
})
