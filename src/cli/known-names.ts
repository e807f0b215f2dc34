import type { Store } from '../store/store.ts'

/** What people are called, from what Muster has seen of them: nothing is requested from Slack. Their id when unknown. */
export const knownNames =
  (store: Pick<Store, 'recall'>) =>
  async (id: string): Promise<string> => {
    const known = await store.recall(`slack:person:${id}`)
    return known ? (JSON.parse(known.value) as { name: string }).name : id
  }
