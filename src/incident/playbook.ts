import { z } from 'zod'

/** What the next first responder starts with. Each part is text of several lines; mentions stay as Slack writes them. */
export const Playbook = z.object({
  title: z.string(),
  /** Our service id; absent when the incident had none. */
  service: z.string().optional(),
  /** What it looks like: alerts, and queries whose values were unusual. */
  symptoms: z.string(),
  /** Where to look first, with links. */
  looks: z.string(),
  /** What helped, and after how long. */
  mitigations: z.string(),
  /** Who knew. */
  people: z.string(),
  /** The incident it was drafted from, `INC-42`, and what an incident must have in common with to be offered this. */
  from: z.string(),
  features: z.array(z.string()),
})
export type Playbook = z.infer<typeof Playbook>

/** A playbook that somebody kept. Every edition stays in the database. */
export type SavedPlaybook = Playbook & {
  /** `PB-1`. */
  id: string
  edition: number
  /** Epoch ms, and who saved this edition. */
  at: number
  by: string
}

/** The parts a person edits. */
export const PLAYBOOK_PARTS = [
  { name: 'symptoms', label: 'Symptoms', empty: 'Nothing recorded.' },
  { name: 'looks', label: 'First looks', empty: 'No links recorded.' },
  { name: 'mitigations', label: 'What helped', empty: 'Nobody noted what was done.' },
  { name: 'people', label: 'Who knew', empty: 'Nobody held a role.' },
] as const
