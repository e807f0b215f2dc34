import type { FoundIncident } from '../incident/found.ts'
import type { Incident } from '../incident/incident.ts'
import type { Insights } from '../incident/insights.ts'
import type { Playbook, SavedPlaybook } from '../incident/playbook.ts'
import type { SimilarIncident } from '../incident/similar.ts'

type Wanted = { from: number; to: number; services?: readonly string[] | undefined; about?: string | undefined }
type Search = Promise<{ found: FoundIncident[] /** How many match; the first of them are found. */; total: number }>
type Offer = Promise<{ kind: 'saved'; playbook: SavedPlaybook } | { kind: 'draft'; playbook: Playbook } | undefined>
type Edit = Pick<Playbook, 'title' | 'symptoms' | 'looks' | 'mitigations' | 'people'>

/** What a sub-command may ask of past incidents; who asks is settled. */
export type LearningContext = {
  /** Past incidents like this one, the most alike first. */
  similar(incident: Incident): Promise<SimilarIncident[]>
  /** Incidents that contain all these words, among those the person may see. */
  find(text: string): Search
  /** What incidents that everybody may see add up to; `services` are our ids, times epoch ms. */
  insights(wanted: Wanted): Promise<Insights>
  /** The playbook that was kept for what this looks like, or else a draft: its own when it is over, or a like one's. */
  playbook(incident: Incident): Offer
  /** Keeps what the person wrote. @throws Refusal */
  keepPlaybook(incident: Incident, edit: Edit): Promise<SavedPlaybook>
}

/** The same for the conversation, which knows who asks. */
export type LearningOf = {
  similar(incident: Incident): Promise<SimilarIncident[]>
  find(text: string, maySee: (incident: Incident) => boolean): Search
  insights(wanted: Wanted): Promise<Insights>
  playbooks: {
    offer(incident: Incident): Offer
    save(incident: Incident, edit: Edit, act: { at: number; by: string }): Promise<SavedPlaybook>
  }
}
