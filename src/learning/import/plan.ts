import type { IncidentEvent } from '../../incident/event.ts'
import { shorten } from '../../incident/measure.ts'
import { type Catalogue, findService } from '../../incident/service.ts'
import type { Severity } from '../../incident/status.ts'
import { eventsOf } from './events.ts'
import { type ImportFormat, MAPPINGS } from './mappings.ts'
import type { Placed, Problem, Records } from './read.ts'
import { type Row, rowSchema } from './row.ts'

export type PlanOptions = {
  format: ImportFormat
  /** The name of the source; part of the key that recognises a row when it is imported again. */
  from: string
  catalogue: Catalogue
  /** Worst first. */
  severities: readonly Severity[]
  /** Severity id -> PagerDuty's priority. */
  priorities: Readonly<Record<string, string>>
  /** The severity of rows whose own is missing or unknown. */
  severity?: string | undefined
  /** IANA zone of times that name none. */
  zone: string
  /** Epoch ms. */
  now: number
  /** Takes secrets out of a text before it is kept. */
  mask(text: string): string
}

/** One incident to write. `once` is the same whenever this row is imported. */
export type Planned = { once: string; declaredAt: number; severity: string; events: IncidentEvent[] }
export type Plan = {
  planned: Planned[]
  problems: Problem[]
  /** Services that the catalogue does not list; they are imported under these names. */
  unknownServices: string[]
}

/** What an import would write. Reads nothing and writes nothing. */
export const planImport = ({ records, problems: unread }: Records, options: PlanOptions): Plan => {
  const problems = [...unread]
  const planned: Planned[] = []
  const unknown = new Set<string>()
  const places = new Map<string, string>()
  // PagerDuty: its analytics write UTC without saying so.
  const schema = rowSchema(options.format === 'pagerduty' ? 'UTC' : options.zone)
  for (const { place, record } of records) {
    const mapped = MAPPINGS[options.format](record)
    if ('reason' in mapped) {
      problems.push({ place: named(place, record), reason: mapped.reason })
      continue
    }
    const parsed = schema.safeParse(mapped.row)
    const mistakes = parsed.success
      ? contradictions(parsed.data, options.now)
      : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    const severity = parsed.success ? severityOf(parsed.data.severity, options) : undefined
    if (parsed.success && severity === undefined)
      mistakes.push(
        `severity "${parsed.data.severity}" is none of ${options.severities.map(({ name }) => name).join(', ')}; \`--severity\` imports such rows as one of them`,
      )
    const id = parsed.data?.id
    if (id !== undefined && places.has(id)) mistakes.push(`id is that of ${places.get(id)}`)
    if (!parsed.success || severity === undefined || mistakes.length > 0) {
      problems.push({ place: named(place, record), reason: mistakes.join('; ') })
      continue
    }
    const row = masked(parsed.data, options.mask)
    places.set(row.id, place)
    const service = serviceOf([...(mapped.serviceNames ?? []), row.service], options.catalogue, unknown)
    const cause = serviceOf([row.cause], options.catalogue, new Set())
    const { from } = options
    const events = eventsOf(row, { from, severity, service, cause, isAlert: mapped.isAlert ?? false })
    planned.push({ once: `import:${from}:${row.id}`, declaredAt: row.declared_at, severity, events })
  }
  // In the order they happened, so that their numbers follow it.
  planned.sort((a, b) => a.declaredAt - b.declaredAt)
  return { planned, problems, unknownServices: [...unknown] }
}

/** `line 12 (PD-7)`. */
const named = (place: string, { id, reference }: Placed['record']): string => {
  const name = reference ?? id
  return typeof name === 'string' || typeof name === 'number' ? `${place} (${shorten(String(name), 40)})` : place
}

/** Times that cannot be. */
const contradictions = (row: Row, now: number): string[] => {
  const { declared_at: begin, resolved_at: end } = row
  return [
    ...(end < begin ? ['resolved_at is before declared_at'] : []),
    ...(end > now ? ['resolved_at is in the future'] : []),
  ]
}

/** The id of a severity by its id, its name or PagerDuty's priority; undefined when none is meant. */
const severityOf = (
  given: string | undefined,
  { severities, priorities, severity, format }: PlanOptions,
): string | undefined => {
  if (given === undefined) return severity ?? severities.at(-1)?.id
  const wanted = given.toLowerCase()
  const same = (text: string | undefined) => text?.toLowerCase() === wanted
  const byName = severities.find(({ id, name }) => same(id) || same(name) || same(priorities[id]))
  // PagerDuty calls its priorities P1 to P5 at first; the first is the worst.
  const place = format === 'pagerduty' ? /^p([1-9])$/.exec(wanted)?.[1] : undefined
  const byPlace = place === undefined ? undefined : severities[Math.min(Number(place), severities.length) - 1]
  return byName?.id ?? byPlace?.id ?? severity
}

/** Our id for a service, or the last of its names. Names that the catalogue does not list are added to `unknown`. */
const serviceOf = (
  names: readonly (string | undefined)[],
  catalogue: Catalogue,
  unknown: Set<string>,
): string | undefined => {
  const all = names.filter((name) => name !== undefined)
  for (const name of all) {
    const known = findService(catalogue, { service: name })
    if (known) return known.id
  }
  const name = all.at(-1)
  if (name !== undefined) unknown.add(name)
  return name
}

const masked = (row: Row, mask: (text: string) => string): Row => ({
  ...row,
  title: mask(row.title),
  ...(row.impact ? { impact: mask(row.impact) } : {}),
  ...(row.outcome ? { outcome: mask(row.outcome) } : {}),
  ...(row.timeline ? { timeline: row.timeline.map(({ at, text }) => ({ at, text: mask(text) })) } : {}),
  ...(row.action_items ? { action_items: row.action_items.map((item) => ({ ...item, text: mask(item.text) })) } : {}),
})
