import type { RankingInput } from './input.ts'

type Kind = RankingInput['alert']['signal']

/** Words by which people and rules name the kind of an alert; the first kind that matches decides. */
const KINDS: readonly [Exclude<Kind, null>, RegExp][] = [
  ['latency', /latenc|slow|response[ _-]?time|duration|\bp\d\d(\.\d)?\b|apdex|time[ _-]?outs?\b|histogram_quantile/i],
  ['errors', /errors?\b|5xx|5\.\.|fail|unavailable|\bdown\b|availability|success[ _-]?rate|exception|non[-_ ]?2xx/i],
  [
    'saturation',
    /cpu|memory|\boom|disk|connections?\b|pool|queue|backlog|\blag\b|oldest|\bage\b|throttl|saturat|evict|hit[ _-]?rat|capacity|exhaust|overload/i,
  ],
  ['traffic', /traffic|throughput|requests?[ _-]?(rate|per second)|\brps\b|\bqps\b|no[ _-]?data/i],
]

/** The kind of an alert, from its rule's name, title and expression; null when they do not tell. */
export const kindOfAlert = (alert: { rule?: string | undefined; title: string; query?: string | undefined }): Kind => {
  // `HighLatency` is two words.
  const name = `${alert.rule ?? ''} ${alert.title}`.replace(/([a-z\d])([A-Z])/g, '$1 $2')
  const kindIn = (text: string): Kind => KINDS.find(([, words]) => words.test(text))?.[0] ?? null
  return kindIn(name) ?? (alert.query ? kindIn(alert.query) : null)
}
