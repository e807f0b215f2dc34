import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import { isOver } from './status.ts'

/** Requests the call graph. Also allowed after the end, for writing the postmortem. */
export const requestTopology: Decision<{ service?: string | undefined }> = (incident, { service }, act) => {
  if (isOver(incident) || incident.status === 'triage')
    throw new Refusal(
      `${incident.id} is ${incident.status === 'triage' ? 'in triage' : incident.status} and has no channel to post a picture in; \`/incident topology <service>\` in another channel sends it to you.`,
    )
  return [{ ...act, type: 'topology_requested', ...(service === undefined ? {} : { service }) }]
}
