import type { FoundIncident } from '../incident/found.ts'
import type { Incident } from '../incident/incident.ts'
import type { Insights } from '../incident/insights.ts'
import type { Playbook, SavedPlaybook } from '../incident/playbook.ts'
import type { SimilarIncident } from '../incident/similar.ts'

type Wanted = { from: number; to: number; services?: readonly string[] | undefined; about?: string | undefined }
type Search = Promise<{ found: FoundIncident[] /** How many match; the first of them are found. */; total: number }>
type Offer = Promise<{ kind: 'saved'; playbook: SavedPlaybook } | { kind: 'draft'; playbook: Playbook } | undefined>
type Edit = Pick<Playbook, 'title' | 'symptoms' | 'looks' | 'mitigations' | 'people'>

/** Queries over past incidents; the viewer is already bound. */
export type LearningContext = {
  /** Similar past incidents, the most similar first. */
  similar(incident: Incident): Promise<SimilarIncident[]>
  /** Incidents that contain all these words, among those the person may see. */
  find(text: string): Search
  /** Statistics over incidents visible to everybody; `services` are our ids, times epoch ms. */
  insights(wanted: Wanted): Promise<Insights>
  /** The saved playbook that matches, or else a draft: from this incident when it is over, or from a similar one. */
  playbook(incident: Incident): Offer
  /** Saves what the person wrote. @throws Refusal */
  keepPlaybook(incident: Incident, edit: Edit): Promise<SavedPlaybook>
}

/** The same, before the viewer is bound. */
export type LearningOf = {
  similar(incident: Incident): Promise<SimilarIncident[]>
  find(text: string, maySee: (incident: Incident) => boolean): Search
  insights(wanted: Wanted): Promise<Insights>
  playbooks: {
    offer(incident: Incident): Offer
    save(incident: Incident, edit: Edit, act: { at: number; by: string }): Promise<SavedPlaybook>
  }
}
