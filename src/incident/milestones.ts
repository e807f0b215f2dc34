import { z } from 'zod'

/** The moments that the honest numbers are made of, in the order an incident usually reaches them. */
export const Milestone = z.enum(['impact_started', 'detected', 'declared', 'acknowledged', 'mitigated', 'resolved'])
export type Milestone = z.infer<typeof Milestone>

/** When a milestone was reached, and how we know. */
export type Reached = {
  /** Epoch ms. */
  at: number
  /** `first alert`, `status set by <@U1>`, ... */
  source: string
  /** A person said so: nothing automatic changes it any more. */
  corrected: boolean
}
export type Milestones = Partial<Record<Milestone, Reached>>

/** What people call them. */
export const MILESTONE_NAMES: Record<Milestone, string> = {
  impact_started: 'Impact started',
  detected: 'Detected',
  declared: 'Declared',
  acknowledged: 'Acknowledged',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
}

/** Sets a milestone from what happened, unless it is reached already or a person has said when it was. */
export const reach = (milestones: Milestones, milestone: Milestone, at: number, source: string): Milestones =>
  milestones[milestone] ? milestones : { ...milestones, [milestone]: { at, source, corrected: false } }

/** Takes milestones back: an incident that is reopened is not resolved any more. */
export const unreach = (milestones: Milestones, ...names: Milestone[]): Milestones =>
  Object.fromEntries(Object.entries(milestones).filter(([name]) => !names.includes(name as Milestone)))

/** A span between two milestones, printed with the two facts it was computed from. */
export type Span = { name: string; ms: number; from: Milestone; to: Milestone }

/** The spans that are told, each by the milestones it lies between. */
export const SPANS = [
  { name: 'Time to detect', from: 'impact_started', to: 'detected' },
  { name: 'Time to acknowledge', from: 'detected', to: 'acknowledged' },
  { name: 'Time to mitigate', from: 'impact_started', to: 'mitigated' },
  { name: 'Time to resolve', from: 'impact_started', to: 'resolved' },
] as const

/** The spans whose both ends are known and in order; a span that would be negative is left out, not shown as zero. */
export const spans = (milestones: Milestones): Span[] =>
  SPANS.flatMap(({ name, from, to }) => {
    const [start, end] = [milestones[from]?.at, milestones[to]?.at]
    return start === undefined || end === undefined || end < start ? [] : [{ name, from, to, ms: end - start }]
  })
