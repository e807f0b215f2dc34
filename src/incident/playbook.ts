import { z } from 'zod'

/** Guidance for the next responder. Each part is multi-line text; mentions are kept in Slack's format. */
export const Playbook = z.object({
  title: z.string(),
  /** Our service id; absent when the incident had none. */
  service: z.string().optional(),
  /** Symptoms: alerts, and queries whose values were unusual. */
  symptoms: z.string(),
  /** Where to look first, with links. */
  looks: z.string(),
  /** What helped, and after how long. */
  mitigations: z.string(),
  /** People who know about it. */
  people: z.string(),
  /** The incident it was drafted from, `INC-42`, and the features an incident must share to be offered it. */
  from: z.string(),
  features: z.array(z.string()),
})
export type Playbook = z.infer<typeof Playbook>

/** A saved playbook. Every revision stays in the database. */
export type SavedPlaybook = Playbook & {
  /** `PB-1`. */
  id: string
  edition: number
  /** Epoch ms, and who saved this revision. */
  at: number
  by: string
}

/** The editable parts. */
export const PLAYBOOK_PARTS = [
  { name: 'symptoms', label: 'Symptoms', empty: 'Nothing recorded.' },
  { name: 'looks', label: 'First looks', empty: 'No links recorded.' },
  { name: 'mitigations', label: 'What helped', empty: 'Nobody noted what was done.' },
  { name: 'people', label: 'Who knew', empty: 'Nobody held a role.' },
] as const
