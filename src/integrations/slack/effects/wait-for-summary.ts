import { NotReady, Permanent } from '../../../incident/errors.ts'
import type { Incident } from '../../../incident/incident.ts'

/** What belongs under the summary waits for it: a source that is faster than Slack must not lose what it found. */
export const waitForSummary = ({ id, steps }: Incident, attempt: number): void => {
  if (steps.channel?.state === 'failed') throw new Permanent(`The channel of ${id} is not open.`)
  if (steps.channel?.state === 'pending' || steps.summary?.state === 'pending')
    throw new NotReady('The summary is not posted yet.', Math.min(5_000, 100 * 2 ** attempt))
}
