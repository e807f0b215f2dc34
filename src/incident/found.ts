import type { ImportedFrom } from './imported.ts'
import type { IndexedLine } from './index-entry.ts'

/** An incident that a search found. */
export type FoundIncident = {
  id: string
  title: string
  severity: string
  status: string
  /** Epoch ms. */
  declaredAt: number
  /** Slack channel id. */
  channel?: string
  imported?: ImportedFrom
  /** The lines of its timeline that match most of the words. */
  lines: IndexedLine[]
}
