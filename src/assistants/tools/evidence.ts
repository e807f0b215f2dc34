import { z } from 'zod'
import { Refusal } from '../../incident/errors.ts'
import type { SnapshotRef } from '../../incident/event.ts'
import type { LogsSnapshot, Series, Snapshot } from '../../incident/evidence.ts'
import { formatValue } from '../../incident/unit.ts'
import { IncidentId, readableIncident } from '../input.ts'
import { iso } from '../present.ts'
import { defineTool, type ToolContext } from '../tool.ts'

/** Long enough to name one snapshot among an incident's. */
const ID_CHARACTERS = 12
const MOST_SNAPSHOTS = 30
const MOST_SERIES = 5
const MOST_POINTS = 60
const MOST_PATTERNS = 15
const MOST_LINES = 40
const LONGEST_LINE = 300

const idOf = ({ hash }: SnapshotRef) => hash.slice(0, ID_CHARACTERS)

export const getEvidence = defineTool({
  name: 'get_evidence',
  title: 'Get evidence',
  description:
    'What the latest look at metrics and logs found: for each graph the usual value before the trouble, the worst since, the latest, its limit, and the query; for logs the worst line. What was looked at and is as usual is listed by title. get_evidence_data returns the numbers over time.',
  input: z.strictObject({ incident: IncidentId }),
  async run({ incident: id }, context) {
    const { id: incident, evidence, usual = [], evidenceAt } = await readableIncident(id, context)
    return {
      incident,
      looked_at: iso(evidenceAt),
      evidence: evidence.slice(0, MOST_SNAPSHOTS).map(inShort),
      as_usual: usual.map(({ service, titles, count }) => ({ service, titles, count })),
    }
  },
})

const inShort = (ref: SnapshotRef) => {
  const { kind, title, source, service, unit = '', before, now, peak, limit, query, url, reason, worst, standing } = ref
  const value = (one: number | null | undefined) => (typeof one === 'number' ? formatValue(one, unit) : undefined)
  return {
    id: kind === 'missing' ? undefined : idOf(ref),
    kind,
    title,
    source,
    service,
    reason,
    usual: value(before),
    worst: peak && { value: value(peak.value), at: iso(peak.at) },
    latest: value(now),
    limit: value(limit),
    worst_line: worst && { text: worst.text, times: worst.count, since: iso(worst.first), new: worst.isNew },
    remark: standing === 'usual' ? 'as usual' : standing === 'also' ? 'unusual, others more so' : undefined,
    query,
    // A link to a graph repeats its query, encoded.
    url: query === undefined ? url : undefined,
  }
}

export const getEvidenceData = defineTool({
  name: 'get_evidence_data',
  title: 'Get the data of one piece of evidence',
  description: `The frozen data behind one item of get_evidence: values over time for a graph (at most ${MOST_POINTS} points for each of ${MOST_SERIES} series, every nth where there are more), or lines and their patterns for logs. A null value is a gap.`,
  input: z.strictObject({
    incident: IncidentId,
    evidence: z
      .string()
      .regex(/^[0-9a-f]{12,32}$/, 'expected the id of an item of get_evidence, 12 hexadecimal digits')
      .describe('id of an item of get_evidence'),
  }),
  async run({ incident: id, evidence }, context) {
    const incident = await readableIncident(id, context)
    const ref =
      incident.evidence.find(({ hash }) => hash.startsWith(evidence)) ?? (await earlier(id, evidence, context))
    const snapshot = ref && (await context.sources.store.snapshot(ref.hash))
    if (!snapshot)
      throw new Refusal(`${incident.id} has no evidence ${evidence}. get_evidence returns the ids of its items.`)
    return dataOf(snapshot)
  },
})

/** An earlier collection: its items are looked up in the log. */
const earlier = async (id: string, evidence: string, { sources }: ToolContext): Promise<SnapshotRef | undefined> => {
  const looks = await sources.store.events(`INC-${Number(id.replace(/^INC-/i, ''))}`, { types: ['evidence_collected'] })
  return looks
    .flatMap((event) => (event.type === 'evidence_collected' ? event.snapshots : []))
    .find(({ hash }) => hash.startsWith(evidence))
}

const dataOf = (snapshot: Snapshot): object => {
  const { kind, title, source } = snapshot
  switch (snapshot.kind) {
    case 'chart': {
      const { query, unit, from, to, threshold, limit, series, notes } = snapshot
      return {
        kind,
        title,
        source,
        query,
        unit,
        from: iso(from),
        to: iso(to),
        threshold,
        limit,
        notes,
        series: series.slice(0, MOST_SERIES).map(pointsOf),
        ...(series.length > MOST_SERIES ? { series_left_out: series.length - MOST_SERIES } : {}),
      }
    }
    case 'logs':
      return { kind, title, source, ...linesOf(snapshot) }
    case 'image':
      return { kind, title, source, url: snapshot.url, remark: 'A picture; it has no numbers.' }
    case 'call_graph': {
      const { at, nodes, edges, leftOut } = snapshot
      return { kind, title, source, at: iso(at), services: nodes, calls: edges, services_left_out: leftOut }
    }
    case 'missing':
      return { kind, title, source, reason: snapshot.reason }
    default:
      return snapshot satisfies never
  }
}

const pointsOf = ({ name, labels, points }: Series) => {
  const every = Math.ceil(points.length / MOST_POINTS)
  // The latest value matters most, so it is always included.
  const kept = points.filter((_, i) => (points.length - 1 - i) % every === 0)
  return {
    name,
    labels,
    ...(every > 1 ? { every_nth: every } : {}),
    points: kept.map(([at, value]) => [iso(at), value === null ? null : Number(value.toPrecision(4))]),
  }
}

const linesOf = ({ query, from, to, patterns = [], lines, notes }: LogsSnapshot) => ({
  query,
  from: iso(from),
  to: iso(to),
  notes,
  patterns: patterns.slice(0, MOST_PATTERNS).map(({ text, count, first, last, level, isNew }) => ({
    text: text.slice(0, LONGEST_LINE),
    times: count,
    level,
    new: isNew,
    first: iso(first),
    last: iso(last),
  })),
  lines: lines.slice(-MOST_LINES).map(({ at, text }) => ({ at: iso(at), text: text.slice(0, LONGEST_LINE) })),
})
