import { Refusal } from '../incident/errors.ts'
import type { Incident } from '../incident/incident.ts'
import type { Playbook, SavedPlaybook } from '../incident/playbook.ts'
import type { Catalogue } from '../incident/service.ts'
import type { SimilarIncident } from '../incident/similar.ts'
import { isActive } from '../incident/status.ts'
import type { Store } from '../store/store.ts'
import type { Indexer } from './indexer.ts'
import { ALIKE, likenessOf } from './likeness.ts'
import { draftPlaybook } from './playbook-draft.ts'

/** What `/incident playbook` shows: one that was kept, or a draft from the log of `playbook.from`. */
export type Offered = { kind: 'saved'; playbook: SavedPlaybook } | { kind: 'draft'; playbook: Playbook }

/** What a person may change. */
export type PlaybookEdit = Pick<Playbook, 'title' | 'symptoms' | 'looks' | 'mitigations' | 'people'>

export type PlaybooksOptions = {
  store: Store
  indexer: Indexer
  catalogue: Catalogue
  similar(incident: Incident, limit: number): Promise<SimilarIncident[]>
}

/** Playbooks: drafted from the log, saved by a person, offered when an incident is similar. */
export const createPlaybooks = ({ store, indexer, catalogue, similar }: PlaybooksOptions) => {
  const draft = async (incident: Incident): Promise<Playbook> => {
    const [events, entry] = await Promise.all([store.events(incident.id), indexer.entry(incident.id)])
    const service = incident.service === undefined ? undefined : catalogue.get(incident.service)
    return draftPlaybook(incident, events, { service, features: entry?.features ?? [] })
  }

  /** The kept playbook that fits an incident best. */
  const fitting = async (incident: Incident): Promise<SavedPlaybook | undefined> => {
    const all = await store.playbooks.all()
    if (all.length === 0) return undefined
    const own = all.find(({ from }) => from === incident.id)
    if (own) return own
    const features = (await indexer.entry(incident.id))?.features ?? []
    const commonness = await store.index.commonness(features)
    const fits = all
      .map((playbook) => ({ playbook, score: likenessOf(features, playbook.features, commonness) }))
      .filter(({ score }) => score >= ALIKE)
      .sort((a, b) => b.score - a.score || b.playbook.at - a.playbook.at)
    // Kept before its incident was made private, it is offered no more.
    for (const { playbook } of fits) if (!(await store.read(playbook.from))?.private) return playbook
    return undefined
  }

  const offer = async (incident: Incident): Promise<Offered | undefined> => {
    const saved = await fitting(incident)
    if (saved) return { kind: 'saved', playbook: saved }
    if (!isActive(incident.status)) return { kind: 'draft', playbook: await draft(incident) }
    const [past] = await similar(incident, 1)
    const found = past && (await store.read(past.incident))
    return found && !found.private ? { kind: 'draft', playbook: await draft(found) } : undefined
  }

  return {
    fitting,
    offer,
    /**
     * Saves a person's text: as a new revision of the matching playbook, or as a new one.
     * @throws Refusal when it would publish private content, or when there is nothing to save it for.
     */
    save: async (incident: Incident, edit: PlaybookEdit, { at, by }: { at: number; by: string }) => {
      if (incident.private)
        throw new Refusal(`${incident.id} is private, and everybody can read playbooks. Nothing was saved.`)
      const offered = await offer(incident)
      const base = offered?.playbook ?? (await draft(incident))
      const id = offered?.kind === 'saved' ? offered.playbook.id : undefined
      const { service, from, features } = base
      return store.playbooks.save({ ...edit, ...(service ? { service } : {}), from, features }, { id, at, by })
    },
  }
}

export type Playbooks = ReturnType<typeof createPlaybooks>
