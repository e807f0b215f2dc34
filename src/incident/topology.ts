import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import { isOver } from './status.ts'

/** Requests a picture of who calls whom. Possible after the end, too: whoever writes it up may want to look again. */
export const requestTopology: Decision<{ service?: string | undefined }> = (incident, { service }, act) => {
  if (isOver(incident) || incident.status === 'triage')
    throw new Refusal(
      `${incident.id} is ${incident.status === 'triage' ? 'in triage' : incident.status} and has no channel to post a picture in; \`/incident topology <service>\` in another channel sends it to you.`,
    )
  return [{ ...act, type: 'topology_requested', ...(service === undefined ? {} : { service }) }]
}
