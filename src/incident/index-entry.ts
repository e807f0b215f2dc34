import { z } from 'zod'
import { ImportedFrom } from './imported.ts'

/** The fix of an incident: the text of its resolution, or else the last note before it was mitigated. */
const Fix = z.object({ text: z.string(), known: z.enum(['outcome', 'note']) })

/**
 * What similar incidents and insights need of one incident: small, so that ten thousand are read at once. Derived from
 * the log; access is never decided from this copy.
 */
export const IncidentFacts = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  severity: z.string(),
  service: z.string().optional(),
  drill: z.boolean(),
  imported: ImportedFrom.optional(),
  /** Epoch ms. */
  declaredAt: z.number(),
  /** Slack channel id. */
  channel: z.string().optional(),
  /** The rules that alerted: `rule @ service`. */
  rules: z.array(z.string()),
  alerts: z.number(),
  /** Durations between milestones by name, ms; unknown ones are absent. */
  spans: z.record(z.string(), z.number()),
  /** The start of the impact is only known to be no later than its first alert. */
  assumedStart: z.boolean(),
  /** The service that the suspect ranking named, and the confirmed cause. */
  suspect: z.object({ service: z.string(), label: z.string() }).optional(),
  cause: z.string().optional(),
  fix: Fix.optional(),
  openActions: z.array(z.object({ id: z.number(), text: z.string(), owner: z.string().optional() })),
  doneActions: z.number(),
  /** Updates that were due, and those of them that came in time. */
  updates: z.object({ due: z.number(), onTime: z.number() }).optional(),
})
export type IncidentFacts = z.infer<typeof IncidentFacts>

/** One searchable line of an incident's timeline or conversation; mentions are in Slack's format, `<@U1>`. */
export const IndexedLine = z.object({ /** Epoch ms. */ at: z.number(), text: z.string() })
export type IndexedLine = z.infer<typeof IndexedLine>

/** Everything that is indexed of one incident. */
export type IndexEntry = {
  id: string
  /** The incident's version it was built from. */
  version: number
  facts: IncidentFacts
  /** `kind:value`, lower case; features compared between incidents. */
  features: string[]
  /** Its title and timeline as words, lower case, each once. */
  words: string[]
  lines: IndexedLine[]
  /** How often the messages of its channel had changed when they were read. */
  touched: number
}
