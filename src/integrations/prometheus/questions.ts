import type { Alert } from '../../incident/alert.ts'
import type { EarlierQuery, EvidenceRequest, SignalKind, Worse } from '../../incident/evidence.ts'
import { wordsOf } from '../../incident/measure.ts'
import type { ServiceQuery } from '../../incident/service.ts'
import { expressionOf, measuredBy } from './expression.ts'
import { likenessOf } from './likeness.ts'
import { measuredWords } from './measured-words.ts'

/** One query with what its reader must know beforehand. */
export type Question = ServiceQuery & {
  notes: string[]
  service?: string | undefined
  signal?: SignalKind | undefined
  worse?: Worse | undefined
  /** An alert fired on it: shown whatever it looks like. */
  alerts?: boolean
}

/** An incident of many alerts has few different expressions that are worth a chart each. */
const MOST_EXPRESSIONS = 5

/**
 * The alerts' own queries first, then the catalogue's of every service in reach, then those that earlier collections
 * found unusual. Queries with the same graph are merged: an alert's takes title, unit and threshold from the
 * catalogue's.
 */
export const questionsFor = ({
  alerts,
  targets,
  earlier,
}: Pick<EvidenceRequest, 'alerts' | 'targets' | 'earlier'>): Question[] => {
  const catalogue = targets.flatMap(({ id, service }) =>
    (service?.queries ?? []).map((query): Question => ({ ...query, service: id, notes: [], ...judgedAs(query) })),
  )
  const named = new Map(catalogue.map((question) => [likenessOf(question.query), question]))
  const questions = new Map<string, Question>()
  for (const alert of alerts) {
    const own = questionOf(alert)
    if (!own || questions.size >= MOST_EXPRESSIONS) continue
    const likeness = likenessOf(own.query)
    const known = named.get(likeness)
    const question: Question = known ? { ...known, query: own.query, notes: own.notes, alerts: true } : own
    if (question.threshold === undefined && own.threshold !== undefined) question.threshold = own.threshold
    if (!questions.has(likeness)) questions.set(likeness, question)
  }
  for (const [likeness, question] of named) if (!questions.has(likeness)) questions.set(likeness, question)
  for (const query of earlier) {
    const likeness = likenessOf(query.query)
    if (!questions.has(likeness)) questions.set(likeness, again(query))
  }
  return [...questions.values()]
}

const questionOf = (alert: Alert): Question | undefined => {
  const expression = expressionOf(alert)
  if (!expression) return undefined
  const { query, threshold, notes } = measuredBy(expression)
  const { unit, title = titleOf(alert), by } = measuredWords(query)
  return {
    title,
    query,
    unit,
    notes,
    alerts: true,
    // What measures every service at once is about none of them.
    ...(by === undefined ? { service: alert.labels.service ?? alert.service } : {}),
    ...judgedAs({ title, query, unit }),
    ...(threshold !== undefined ? { threshold } : {}),
  }
}

/** A machine-made rule name, `HighErrorRate`, as words. */
const titleOf = ({ rule, title }: Alert): string => (rule === undefined ? title : wordsOf(rule))

const again = ({ title, query, unit, service }: EarlierQuery): Question => ({
  title,
  query,
  unit,
  service,
  notes: [],
  ...judgedAs({ title, query, unit }),
})

/**
 * The kind of signal of a query, from its unit and words, since it is not declared. Where they are ambiguous, either
 * direction may be bad.
 */
export const judgedAs = ({
  title,
  query,
  unit,
}: Pick<ServiceQuery, 'title' | 'query' | 'unit'>): { signal: SignalKind; worse: Worse } => {
  const words = `${title} ${query}`
  if (/\b(cache )?hits?\b|hit.?ratio|availab|success/i.test(title)) return { signal: 'saturation', worse: 'down' }
  if (/fail|error|refus|reject|5xx|5\.\.|drop|time-?out|kill/i.test(title) || /5\.\./.test(query))
    return { signal: 'errors', worse: 'up' }
  if (/latency|duration|histogram_quantile|\bp\d\d\b|age of|\blag\b/i.test(words))
    return { signal: 'latency', worse: 'up' }
  if (/^(req\/s|ops\/s|rps)$/i.test(unit) || /requests|traffic|publish/i.test(title))
    return { signal: 'traffic', worse: 'either' }
  if (/\bcpu\b/i.test(words)) return { signal: 'cpu', worse: 'up' }
  if (/memory|heap/i.test(words)) return { signal: 'memory', worse: 'up' }
  if (/connection|queue|pool|thread|wait/i.test(title)) return { signal: 'saturation', worse: 'up' }
  return { signal: 'other', worse: 'either' }
}
