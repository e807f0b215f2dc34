import type { EvidenceRequest } from '../../incident/evidence.ts'
import type { ServiceQuery } from '../../incident/service.ts'
import { expressionOf, measuredBy, unitOf } from './expression.ts'

/** One query with what its reader must know beforehand. */
export type Question = ServiceQuery & { notes: string[] }

/** The alert's own expression first; a query of the catalogue that asks the same takes its place, with title and unit. */
export const questionsFor = (alert: EvidenceRequest['alert'], queries: ServiceQuery[]): Question[] => {
  const catalogue = queries.map((query) => ({ ...query, notes: [] }))
  const expression = alert && expressionOf(alert)
  if (!expression) return catalogue
  const { query, threshold, notes } = measuredBy(expression)
  const same = catalogue.find((known) => normal(known.query) === normal(query))
  const own = same ?? { title: alert.rule ?? alert.title, query, unit: unitOf(query) }
  const first: Question = { ...own, notes }
  if (first.threshold === undefined && threshold !== undefined) first.threshold = threshold
  return [first, ...catalogue.filter((known) => known !== same)]
}

const normal = (query: string) => query.replace(/\s+/g, '')
