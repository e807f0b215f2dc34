import type { EvidenceRequest } from '../../incident/evidence.ts'
import type { ServiceQuery } from '../../incident/service.ts'
import { expressionOf, measuredBy, unitOf } from './expression.ts'
import { likenessOf } from './likeness.ts'

/** One query with what its reader must know beforehand. */
export type Question = ServiceQuery & { notes: string[] }

/**
 * The alert's own expression first. A query of the catalogue with the same graph gives it title, unit and threshold, and
 * is not asked besides: what fired is what is drawn.
 */
export const questionsFor = (alert: EvidenceRequest['alert'], queries: ServiceQuery[]): Question[] => {
  const catalogue = queries.map((query) => ({ ...query, notes: [] }))
  const expression = alert && expressionOf(alert)
  if (!expression) return catalogue
  const { query, threshold, notes } = measuredBy(expression)
  const likeness = likenessOf(query)
  const same = catalogue.find((known) => likenessOf(known.query) === likeness)
  const own = same ? { ...same, query } : { title: alert.rule ?? alert.title, query, unit: unitOf(query) }
  const first: Question = { ...own, notes }
  if (first.threshold === undefined && threshold !== undefined) first.threshold = threshold
  return [first, ...catalogue.filter((known) => known !== same)]
}
