import { z } from 'zod'
import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import { stamp } from './stamp.ts'
import { isOver } from './status.ts'

/** The picture of who calls whom, as somebody asked for it. */
export const TOPOLOGY_EVENTS = [
  /** Somebody wants to see who calls whom now, around the incident's service or another. */
  z.object({ ...stamp, type: z.literal('topology_requested'), service: z.string().optional() }),
  z.object({
    ...stamp,
    type: z.literal('topology_drawn'),
    service: z.string().optional(),
    /** The frozen picture. */
    graph: z.string().optional(),
    /** Why there is none, in one sentence. */
    problem: z.string().optional(),
  }),
] as const

/** Requests a picture of who calls whom. Possible after the end, too: whoever writes it up may want to look again. */
export const requestTopology: Decision<{ service?: string | undefined }> = (incident, { service }, act) => {
  if (isOver(incident) || incident.status === 'triage')
    throw new Refusal(
      `${incident.id} is ${incident.status === 'triage' ? 'in triage' : incident.status} and has no channel to post a picture in; \`/incident topology <service>\` in another channel sends it to you.`,
    )
  return [{ ...act, type: 'topology_requested', ...(service === undefined ? {} : { service }) }]
}
