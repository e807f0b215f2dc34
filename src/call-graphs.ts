import type { CallGraphs } from './engine/topology.ts'
import { messageOf } from './incident/errors.ts'
import type { SendDirectly } from './integrations/slack/direct-pictures.ts'
import type { Log } from './platform/log.ts'

export type DirectCallGraphsOptions = {
  draw: CallGraphs['draw']
  send: SendDirectly
  newId: () => string
  now: () => number
  log: Log
}

/** More at once would keep the drawing thread and Prometheus from incidents. */
const MOST_AT_ONCE = 3
/** Reading, drawing, uploading. */
const TIME_LIMIT_MS = 60_000

/**
 * Draws the call graph for one person where there is no incident to record it in. Nothing is stored: after a restart of
 * Muster the person has to request it again.
 */
export const createDirectCallGraphs = ({ draw, send, newId, now, log }: DirectCallGraphsOptions) => {
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()

  const bring = async (person: string, service: string): Promise<void> => {
    const id = newId()
    const since = now()
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(TIME_LIMIT_MS)])
    try {
      const drawn = await draw({ service, signal: null, firedAt: since, alerting: [] }, id, signal)
      const what = typeof drawn === 'string' ? `Who calls whom could not be drawn. ${drawn}` : drawn
      await send(person, what, { id, since, signal })
    } catch (error) {
      log.warn('a call graph could not be sent', { person, service, reason: messageOf(error) })
      if (stopping.signal.aborted) return
      const words = `Who calls whom around ${service} was read, but Slack did not take the picture. Run the command again.`
      await send(person, words, { id: `${id}/failed`, since, signal: stopping.signal }).catch(() => {})
    }
  }

  return {
    /** Starts drawing; false when too many are being drawn already. */
    send: (person: string, service: string): boolean => {
      if (running.size >= MOST_AT_ONCE || stopping.signal.aborted) return false
      const work = bring(person, service).finally(() => running.delete(work))
      running.add(work)
      return true
    },
    stop: async (): Promise<void> => {
      stopping.abort(new Error('Muster is shutting down.'))
      await Promise.all(running)
    },
  }
}
