import type { Incident } from '../incident/incident.ts'
import type { SimilarIncident } from '../incident/similar.ts'

/** What a sub-command may ask of past incidents; who asks is settled. */
export type LearningContext = {
  /** Past incidents like this one, the most alike first. */
  similar(incident: Incident): Promise<SimilarIncident[]>
}

/** The same for the conversation, which knows who asks. */
export type LearningOf = {
  similar(incident: Incident): Promise<SimilarIncident[]>
}
