import type { Exchange } from './control-api.ts'

export type ExchangeLog = ReturnType<typeof createExchangeLog>

/** Keeps the latest requests between Muster and other services, newest first. */
export function createExchangeLog({ limit = 500, now }: { limit?: number; now: () => number }) {
  let exchanges: Exchange[] = []
  let lastId = 0
  const listeners = new Set<(exchange: Exchange) => void>()
  return {
    add(exchange: Omit<Exchange, 'id' | 'at'> & { at?: number }) {
      const noted = { at: now(), ...exchange, id: ++lastId }
      exchanges = [noted, ...exchanges].slice(0, limit)
      for (const listener of listeners) listener(noted)
    },
    /** Newest first. */
    list: () => exchanges,
    watch(listener: (exchange: Exchange) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
