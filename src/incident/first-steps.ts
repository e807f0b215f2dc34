import { z } from 'zod'
import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { Incident } from './incident.ts'
import { SeverityId } from './status.ts'

/**
 * Checklists for the start of an incident: `firstSteps:` in muster.yaml. Without conditions one applies to every
 * incident.
 */
export const FirstSteps = z.strictObject({
  severity: z.union([SeverityId, z.array(SeverityId).min(1)]).optional(),
  /** Ids of services. */
  service: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  steps: z.array(z.string().trim().min(3).max(200)).min(1).max(10),
})
export type FirstSteps = z.infer<typeof FirstSteps>

/** The steps that apply to an incident now, in the order of the file, each once. */
export const firstStepsOf = ({ severity, service }: Incident, rules: readonly FirstSteps[] = []): string[] => [
  ...new Set(
    rules
      .filter((rule) => isAmong(rule.severity, severity) && isAmong(rule.service, service))
      .flatMap(({ steps }) => steps),
  ),
]

/** Those of them that nobody has ticked yet. */
export const openFirstSteps = (incident: Incident, rules?: readonly FirstSteps[]): string[] => {
  const done = new Set(incident.firstSteps?.map(({ step }) => step))
  return firstStepsOf(incident, rules).filter((step) => !done.has(step))
}

/** Ticks a step, or unticks it. `step` is its text. */
export const checkFirstStep: Decision<{ step: string; done: boolean }> = (incident, { step, done }, act) => {
  if (incident.status === 'cancelled' || incident.status === 'merged')
    throw new Refusal(`${incident.id} is ${incident.status}, so its first steps no longer matter.`)
  const isDone = incident.firstSteps?.some((one) => one.step === step) ?? false
  return isDone === done ? [] : [{ ...act, type: 'first_step_checked', step, done }]
}

const isAmong = (wanted: string | string[] | undefined, found: string | undefined): boolean =>
  wanted === undefined || (found !== undefined && [wanted].flat().includes(found))
