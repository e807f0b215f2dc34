import type { Incident } from '../incident/incident.ts'
import type { Labels } from '../incident/labels.ts'
import type { Milestones } from '../incident/milestones.ts'
import type { Clock } from './clock.ts'
import type { Conversation } from './conversation.ts'
import type { Signal } from './evidence.ts'
import type { Facts } from './facts.ts'
import type { Harm } from './harm.ts'
import type { Sentence } from './text.ts'

/** Everything a section is written from. */
export type Material = {
  incident: Incident
  /** When the last entry was made, epoch ms: what the document knows ends there. */
  latest: number
  /** The incident's milestones, with the start of the impact estimated from a graph where nobody recorded it. */
  milestones: Milestones
  facts: Facts
  clock: Clock
  labels: Labels
  evidence: Signal[]
  /** How many more signals there were. */
  evidenceLeftOut: number
  /** What was frozen and is no longer kept, in one sentence. */
  evidenceRemoved: Sentence | null
  harm: Harm
  conversation: Conversation
}
