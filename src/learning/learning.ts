import type { EffectHandler } from '../incident/effect-handler.ts'
import type { Incident } from '../incident/incident.ts'
import type { IncidentFacts } from '../incident/index-entry.ts'
import type { Catalogue } from '../incident/service.ts'
import type { SimilarFound, SimilarIncident } from '../incident/similar.ts'
import { isActive, type Severity } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import { SHAPE } from './entry.ts'
import { findIncidents } from './find.ts'
import { createIndexer } from './indexer.ts'
import { insightsOf } from './insights.ts'
import { createPlaybooks } from './playbooks.ts'
import { findSimilar } from './similar.ts'

/** How many are listed on the summary and in the log. */
const AT_OPENING = 3
const ON_REQUEST = 5
const ON_SEARCH = 10
/** Incidents that are not indexed are counted up to here. */
const MOST_COUNTED = 1_000

/** Times in epoch ms, services by our ids. */
export type InsightsWanted = {
  from: number
  to: number
  services?: readonly string[] | undefined
  about?: string | undefined
}

export type LearningOptions = {
  store: Store
  catalogue: Catalogue
  severities: readonly Severity[]
  now: () => number
  log: Log
  /** Another process keeps the index: this one only reads it. */
  readOnly?: boolean
}

/** What past incidents teach the present one. */
export const createLearning = ({ store, catalogue, severities, now, log, readOnly = false }: LearningOptions) => {
  const indexer = createIndexer({ store, log, severities, readOnly })
  const parts = { store, indexer }

  const similar = (incident: Incident, limit = ON_REQUEST): Promise<SimilarIncident[]> =>
    findSimilar(parts, incident, { limit, now: now() })

  const playbooks = createPlaybooks({ store, indexer, catalogue, similar })

  // It only reads; a second run finds the same, which is not recorded again.
  const find_similar: EffectHandler<'find_similar'> = async (_effect, { incident }) => {
    if (!isActive(incident.status)) return []
    const found = await similar(incident, AT_OPENING)
    const playbook = await playbooks.fitting(incident)
    const next: SimilarFound = {
      similar: found.map(({ incident: id, reasons }) => ({ incident: id, reasons })),
      ...(playbook ? { playbook: { id: playbook.id, title: playbook.title } } : {}),
    }
    const before: SimilarFound = {
      similar: incident.similar ?? [],
      ...(incident.playbook ? { playbook: incident.playbook } : {}),
    }
    return isSame(before, next) ? [] : [{ type: 'similar_found', by: 'muster', at: now(), ...next }]
  }

  const facts = async ({ from, to, services }: InsightsWanted): Promise<IncidentFacts[]> => {
    await indexer.everything()
    const all = await store.index.facts({ from, to })
    return services ? all.filter(({ service }) => service !== undefined && services.includes(service)) : all
  }

  return {
    handlers: { find_similar },
    similar,
    insights: async (wanted: InsightsWanted) => insightsOf(await facts(wanted), wanted),
    /** What is known of each incident that everybody may see, oldest first. */
    facts,
    playbooks,
    /** Incidents that contain all these words; `maySee` decides on private ones. */
    find: (text: string, maySee: (incident: Incident) => boolean) =>
      findIncidents(parts, text, { maySee, limit: ON_SEARCH }),
    /** How many incidents are missing from the index or outdated in it: none, unless another process maintains it. */
    unindexed: async (): Promise<number> => (readOnly ? (await store.index.stale(SHAPE, MOST_COUNTED)).length : 0),
    /** What was found at the opening, limited to what may be shown now: incidents that became private are left out. */
    found: async ({ similar: refs = [] }: Incident): Promise<Omit<SimilarIncident, 'score'>[]> => {
      const facts = new Map((await store.index.factsOf(refs.map(({ incident: id }) => id))).map((one) => [one.id, one]))
      return refs.flatMap(({ incident: id, reasons }) => {
        const one = facts.get(id)
        if (!one) return []
        const { title, declaredAt, fix, channel, imported } = one
        return [
          {
            incident: id,
            reasons,
            title,
            declaredAt,
            ...(fix ? { fix } : {}),
            ...(channel ? { channel } : {}),
            ...(imported ? { imported } : {}),
          },
        ]
      })
    },
    start: indexer.start,
    stop: indexer.stop,
  }
}

export type Learning = ReturnType<typeof createLearning>

const isSame = (a: SimilarFound, b: SimilarFound): boolean => JSON.stringify(a) === JSON.stringify(b)
