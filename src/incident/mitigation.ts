import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { Incident } from './incident.ts'
import { formatDuration } from './measure.ts'
import { isActive, type Severity } from './status.ts'

/** How long the two worst severities investigate before the prompt, unless configured, minutes. */
const USUAL_MINUTES = [10, 15]
const LONGEST_SNOOZE_MINUTES = 240

/** How long an incident is investigated before the channel is prompted for a mitigation, ms; undefined for never. */
const promptAfterMs = (severity: string, severities: readonly Severity[]): number | undefined => {
  const rank = severities.findIndex(({ id }) => id === severity)
  const minutes = severities[rank]?.askForMitigationMinutes ?? USUAL_MINUTES[rank]
  return minutes ? minutes * 60_000 : undefined
}

/**
 * The prompt for a mitigation: what it counts from, when it is due (epoch ms), and its text. Posted once for each stretch
 * of investigating, and once more after a snooze. Undefined when there is none.
 */
export const mitigationPrompt = (
  { status, statusSince, declaredAt, severity, mitigationSnoozedUntil: snoozed }: Incident,
  now: number,
  severities: readonly Severity[],
): { since: number; dueAt: number[]; text: string } | undefined => {
  const after = promptAfterMs(severity, severities)
  if (status !== 'investigating' || after === undefined) return undefined
  const began = statusSince ?? declaredAt
  const since = snoozed !== undefined && snoozed > began ? snoozed : began
  return {
    since,
    dueAt: [since === began ? began + after : since],
    text: `The cause is unknown after ${formatDuration(now - began)}. How do we stop the harm, before we know why?`,
  }
}

/** Snoozes the prompt. */
export const snoozeMitigation: Decision<{ minutes: number }> = (incident, { minutes }, act) => {
  if (!isActive(incident.status))
    throw new Refusal(`${incident.id} is ${incident.status}, so there is no prompt to snooze.`)
  if (!(minutes > 0) || minutes > LONGEST_SNOOZE_MINUTES)
    throw new Refusal('Snooze for some minutes, four hours at most: `mitigations snooze 10`.')
  return [{ ...act, type: 'mitigation_snoozed', until: act.at + minutes * 60_000 }]
}
