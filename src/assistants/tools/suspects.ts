import { z } from 'zod'
import { type CallFact, callFactSentence } from '../../incident/call-fact.ts'
import { Refusal } from '../../incident/errors.ts'
import { LABEL_ADVICE, unreadable } from '../../incident/ranking-words.ts'
import { findService } from '../../incident/service.ts'
import { readCase } from '../../suspects/case-file.ts'
import { IncidentId, readableIncident } from '../input.ts'
import { iso, sentence } from '../present.ts'
import { defineTool, type ToolContext } from '../tool.ts'

const MOST_CALLS = 150

export const getSuspects = defineTool({
  name: 'get_suspects',
  title: 'Get the suspects',
  description:
    'The services most likely at fault, ranked from metrics by fixed rules (no model), with the signals that speak against each, the change nearest before, and whose trouble it explains. It also says what could not be read. confirmed_cause is what people found in the end, where they recorded it.',
  input: z.strictObject({ incident: IncidentId }),
  async run({ incident: id }, context) {
    const { id: incident, ranking, cause } = await readableIncident(id, context)
    if (!ranking)
      return { incident, remark: 'No ranking was made: Prometheus is not connected.', confirmed_cause: cause }
    return {
      incident,
      ranked_at: iso(ranking.at),
      verdict: ranking.label,
      advice: LABEL_ADVICE[ranking.label],
      unreadable: unreadable(ranking),
      suspects: ranking.suspects.map(({ service, label, score, signals, explainedBy, explains, virtual, change }) => ({
        service,
        label,
        score: Number(score.toFixed(2)),
        signals: signals.map(({ text, since }) => ({ text, since: iso(since) })),
        explained_by: explainedBy,
        explains,
        ...(virtual ? { remark: 'It reports nothing itself; this is what its callers see.' } : {}),
        change: change && { ...change, at: iso(change.at) },
      })),
      call_facts: ranking.facts.map(factOf),
      looked_at: { services: ranking.services, left_out: ranking.leftOut, signals_read: ranking.read },
      problems: ranking.problems,
      earlier_verdict: ranking.before && { ...ranking.before, at: iso(ranking.before.at) },
      confirmed_cause: cause,
    }
  },
})

const factOf = (fact: CallFact) => ({ kind: fact.kind, text: sentence(callFactSentence(fact)) })

export const getTopology = defineTool({
  name: 'get_topology',
  title: 'Get the call graph',
  description:
    'Who calls whom. With an incident: the calls measured when its suspects were ranked, in requests a second, with new callers and dependencies nobody declared. Without one: what the service catalogue declares. With a service: only calls to or from it.',
  input: z.strictObject({
    incident: IncidentId.optional(),
    service: z.string().max(100).optional().describe('Id or name of a service'),
  }),
  async run({ incident: id, service: name }, context) {
    const { catalogue } = context.sources.vocabulary
    const service = name === undefined ? undefined : (findService(catalogue, { service: name })?.id ?? name)
    const measured = id === undefined ? undefined : await measuredCalls(id, context)
    const declared = [...catalogue.values()].flatMap(({ id: client, dependsOn }) =>
      dependsOn.map((server) => ({ client, server })),
    )
    const all: Call[] = measured?.calls ?? declared
    const calls = service === undefined ? all : all.filter((call) => call.client === service || call.server === service)
    if (service !== undefined && calls.length === 0 && !catalogue.has(service))
      throw new Refusal(`Neither the catalogue nor the metrics know a service "${service}". Leave it out to see all.`)
    return {
      source: measured ? `measured at ${measured.at}` : 'declared in the service catalogue',
      calls: calls.slice(0, MOST_CALLS),
      ...(calls.length > MOST_CALLS
        ? { left_out: calls.length - MOST_CALLS, remark: 'Name a service to see fewer.' }
        : {}),
      ...(measured ? { facts: measured.facts } : {}),
    }
  },
})

type Call = { client: string; server: string; requests_per_second?: number }

/** The calls of the latest ranking's frozen input, the busiest first; undefined where nothing was frozen. */
const measuredCalls = async (id: string, context: ToolContext) => {
  const { ranking } = await readableIncident(id, context)
  const body = ranking?.case && (await context.sources.store.frozenCase(ranking.case))
  const frozen = body ? readCase(body) : undefined
  if (!ranking || frozen === undefined || typeof frozen === 'string') return undefined
  const calls = frozen.edges.map(({ client, server, rate }): Call => {
    const latest = rate?.findLast((value) => value !== null)
    return {
      client,
      server,
      ...(typeof latest === 'number' ? { requests_per_second: Number(latest.toPrecision(3)) } : {}),
    }
  })
  return {
    at: iso(ranking.at),
    calls: calls.sort((a, b) => (b.requests_per_second ?? 0) - (a.requests_per_second ?? 0)),
    facts: ranking.facts.map(factOf),
  }
}
