import type { EffectHandler } from '../incident/effect-handler.ts'
import type { Incident } from '../incident/incident.ts'
import type { SimilarFound, SimilarIncident } from '../incident/similar.ts'
import { isActive } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import { createIndexer } from './indexer.ts'
import { findSimilar } from './similar.ts'

/** How many are named on the summary and in the log. */
const AT_OPENING = 3
const ON_REQUEST = 5

export type LearningOptions = { store: Store; now: () => number; log: Log }

/** What past incidents teach the present one. */
export const createLearning = ({ store, now, log }: LearningOptions) => {
  const indexer = createIndexer({ store, log })
  const parts = { store, indexer }

  const similar = (incident: Incident, limit = ON_REQUEST): Promise<SimilarIncident[]> =>
    findSimilar(parts, incident, { limit, now: now() })

  // It only reads; a second run finds the same, which is not recorded again.
  const find_similar: EffectHandler<'find_similar'> = async (_effect, { incident }) => {
    if (!isActive(incident.status)) return []
    const found = await similar(incident, AT_OPENING)
    const next: SimilarFound = { similar: found.map(({ incident: id, reasons }) => ({ incident: id, reasons })) }
    const before: SimilarFound = { similar: incident.similar ?? [] }
    return isSame(before, next) ? [] : [{ type: 'similar_found', by: 'muster', at: now(), ...next }]
  }

  return {
    handlers: { find_similar },
    similar,
    /** What was found at the opening, with what may be shown of it now: one that became private is left out. */
    found: async ({ similar: refs = [] }: Incident): Promise<Omit<SimilarIncident, 'score'>[]> => {
      const facts = new Map((await store.index.factsOf(refs.map(({ incident: id }) => id))).map((one) => [one.id, one]))
      return refs.flatMap(({ incident: id, reasons }) => {
        const one = facts.get(id)
        if (!one) return []
        const { title, declaredAt, fix, channel } = one
        return [{ incident: id, reasons, title, declaredAt, ...(fix ? { fix } : {}), ...(channel ? { channel } : {}) }]
      })
    },
    start: indexer.start,
    stop: indexer.stop,
  }
}

export type Learning = ReturnType<typeof createLearning>

const isSame = (a: SimilarFound, b: SimilarFound): boolean => JSON.stringify(a) === JSON.stringify(b)
