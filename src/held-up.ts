import { formatDuration } from './incident/measure.ts'
import type { Store } from './store/store.ts'

/** Longer than any retry that succeeds takes. */
const OVERDUE_MS = 10 * 60_000
const MAX_READ = 50

/**
 * What is held up although Muster works, one sentence each, for `/readyz` and `muster doctor`; empty when everything is
 * ok.
 */
export const heldUp = async (store: Pick<Store, 'outbox' | 'damaged'>, now: number): Promise<string[]> => [
  ...(await waitingEffects(store, now)),
  ...(await overdueEffects(store, now)),
  ...(await unreadableRows(store)),
]

const waitingEffects = async ({ outbox }: Pick<Store, 'outbox'>, now: number): Promise<string[]> =>
  (await outbox.waiting()).map(
    ({ system, effects, since, error }) =>
      `${effects} ${effects === 1 ? 'effect waits' : 'effects wait'} for ${system}, for ${formatDuration(Math.max(0, now - since))}${error ? `: ${error}` : ''}`,
  )

/** The oldest effect that has been tried and still waits, though its system answers. */
const overdueEffects = async ({ outbox }: Pick<Store, 'outbox'>, now: number): Promise<string[]> => {
  const pending = await outbox.pending(MAX_READ)
  const oldest = pending.find(
    ({ attempts, createdAt, waitingFor }) => attempts > 0 && !waitingFor && now - createdAt >= OVERDUE_MS,
  )
  if (!oldest) return []
  const { effect, incident, attempts, createdAt, lastError } = oldest
  const minutes = Math.floor((now - createdAt) / 60_000)
  const reason = lastError ? `: ${lastError}` : ''
  return [`${effect.type} of ${incident} has waited ${minutes} min, ${attempts} attempts${reason}`]
}

const unreadableRows = async ({ outbox, damaged }: Pick<Store, 'outbox' | 'damaged'>): Promise<string[]> => {
  const effects = await outbox.unreadable()
  const rows = damaged().filter(({ table }) => table !== 'outbox')
  return [
    ...(effects > 0
      ? [`${effects} ${effects === 1 ? 'effect is' : 'effects are'} set aside: unreadable rows in outbox`]
      : []),
    ...(rows.length > 0
      ? [`${rows.length} unreadable ${rows.length === 1 ? 'row' : 'rows'}, first ${rows[0]?.table} ${rows[0]?.key}`]
      : []),
  ]
}
