import type { Store } from './store/store.ts'

/** Longer than any retry that ends well takes. */
const OVERDUE_MS = 10 * 60_000
const MAX_READ = 50

/** The oldest effect that has been tried and still waits, as a sentence for `/readyz`; empty when none is overdue. */
export const overdueEffects = async ({ outbox }: Pick<Store, 'outbox'>, now: number): Promise<string[]> => {
  const waiting = await outbox.pending(MAX_READ)
  const oldest = waiting.find(({ attempts, createdAt }) => attempts > 0 && now - createdAt >= OVERDUE_MS)
  if (!oldest) return []
  const { effect, incident, attempts, createdAt, lastError } = oldest
  const minutes = Math.floor((now - createdAt) / 60_000)
  const reason = lastError ? `: ${lastError}` : ''
  return [`${effect.type} of ${incident} has waited ${minutes} min, ${attempts} attempts${reason}`]
}
