import { z } from 'zod'
import { Millis } from './alert.ts'
import { Milestone, type Milestones, reach } from './milestones.ts'
import { link, type Phrase, say, sourceName } from './phrase.ts'

/** The system that tracked an incident before it was imported. */
export const ImportedFrom = z.object({
  /** `pagerduty`, `incidentio`, or what the operator calls it. */
  from: z.string().min(1),
  url: z.string().optional(),
})
export type ImportedFrom = z.infer<typeof ImportedFrom>

/** The same with its id there, and its milestone times according to that system (epoch ms). */
export const Imported = ImportedFrom.extend({
  id: z.string().min(1),
  milestones: z.partialRecord(Milestone, Millis).optional(),
})
export type Imported = z.infer<typeof Imported>

/** The milestones from its source; missing ones are unknown. `declaredAt` is epoch ms. */
export const importedMilestones = ({ from, milestones = {} }: Imported, declaredAt: number): Milestones =>
  Object.entries({ declared: declaredAt, ...milestones }).reduce<Milestones>(
    (all, [milestone, at]) => reach(all, milestone as Milestone, at, `imported from ${sourceName(from)}`),
    {},
  )

/** ` (imported from PagerDuty)`, with a link to it there. */
export const importedPhrases = (imported: ImportedFrom | undefined): Phrase[] => {
  if (!imported) return []
  const name = sourceName(imported.from)
  return say` (imported from ${imported.url ? link(imported.url, name) : name})`
}
