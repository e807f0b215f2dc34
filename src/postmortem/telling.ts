import type { Incident } from '../incident/incident.ts'
import type { Clock } from './clock.ts'
import type { EvidenceItem } from './evidence.ts'
import type { Facts } from './facts.ts'

/** What ids are called in the document. */
export type Labels = { service(id: string): string; severity(id: string): string; role(id: string): string }

/** Everything a section is told from. */
export type Telling = { incident: Incident; facts: Facts; clock: Clock; labels: Labels; evidence: EvidenceItem[] }
