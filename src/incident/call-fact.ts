import { z } from 'zod'
import { Millis } from './alert.ts'
import { code, type Phrase, say, time } from './phrase.ts'
import { formatValue } from './unit.ts'

/** Calls seen in the call graph that nobody declared or that are new. */
export const CallFact = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('new_caller'),
    client: z.string(),
    server: z.string(),
    /** When the calls began, epoch ms. */
    since: Millis,
    /** Current requests a second; before, there were none. */
    now: z.number(),
    namespace: z.string().optional(),
    /** The owning team from the catalogue; absent when the catalogue has none. */
    owner: z.string().optional(),
    inCatalogue: z.boolean(),
  }),
  z.object({
    kind: z.literal('undeclared'),
    /** A host, or what the mesh calls hosts it does not know (`PassthroughCluster`). */
    server: z.string(),
    callers: z.array(z.string()),
    /** Requests a second of all callers together, where counted. */
    now: z.number().nullable(),
  }),
])
export type CallFact = z.infer<typeof CallFact>

/** The fact as a sentence without its full stop. */
export const callFactSentence = (fact: CallFact): Phrase[] => {
  if (fact.kind === 'new_caller') {
    const { client, server, since, now, owner, inCatalogue, namespace } = fact
    const where = namespace && !inCatalogue ? ` (namespace ${namespace})` : ''
    const whose = owner ? `; owned by ${owner}` : inCatalogue ? '' : '; nobody in the catalogue owns it'
    return say`${code(client)}${where} began to call ${code(server)} at ${time(since)}: 0 \u2192 ${formatValue(now, 'requests/s')}${whose}`
  }
  const { server, callers, now } = fact
  const rate = now === null ? '' : ` (${formatValue(now, 'requests/s')})`
  return say`${listed(callers)} ${callers.length === 1 ? 'calls' : 'call'} ${code(server)}${rate}, which the catalogue does not declare`
}

/** Beyond this many, names are only counted. */
const MOST_NAMED = 4

const listed = (names: readonly string[]): Phrase[] => {
  const shown = names.slice(0, MOST_NAMED)
  const more = names.length - shown.length
  return shown
    .flatMap((name, i) => {
      const last = i === shown.length - 1 && more === 0
      return [...(i === 0 ? [] : say`${last ? ' and ' : ', '}`), code(name)]
    })
    .concat(more > 0 ? say` and ${more} more` : [])
}
