import type { Charts } from './charts/charts.ts'
import { createKnownCalls } from './engine/known-calls.ts'
import { type CallGraphs, createCallGraphs } from './engine/topology.ts'
import { messageOf } from './incident/errors.ts'
import type { Vocabulary } from './incident/vocabulary.ts'
import type { Slack } from './integrations/slack/client.ts'
import { createDirectPictures, type SendDirectly } from './integrations/slack/direct-pictures.ts'
import type { Poster } from './integrations/slack/post.ts'
import type { Log } from './platform/log.ts'
import type { Store } from './store/store.ts'
import type { RankingSource } from './suspects/source.ts'

export type TopologyOptions = {
  source: RankingSource | undefined
  store: Store
  slack: Slack
  poster: Poster
  charts: Charts
  words: Vocabulary
  newId: () => string
  now: () => number
  log: Log
}

/** Everything about who calls whom: what was seen last, pictures for incidents, pictures for people. */
export const assembleTopology = ({ source, store, slack, poster, charts, words, newId, now, log }: TopologyOptions) => {
  const known = createKnownCalls({ source, now, log })
  const callGraphs = createCallGraphs({ source: known.source, store, now, log })
  const zone = words.timezone ?? 'UTC'
  const send = createDirectPictures({ slack, poster, words, chartPng: (picture) => charts.png(picture, { zone }) })
  const direct = createDirectCallGraphs({ draw: callGraphs.draw, send, newId, now, log })
  return {
    known,
    callGraphs,
    /** For people, by direct message; undefined without Prometheus. */
    direct: source && direct,
    start: known.start,
    stop: async (): Promise<void> => {
      await direct.stop()
      await known.stop()
    },
  }
}

export type TopologyParts = ReturnType<typeof assembleTopology>

type DirectCallGraphsOptions = {
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
const createDirectCallGraphs = ({ draw, send, newId, now, log }: DirectCallGraphsOptions) => {
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
