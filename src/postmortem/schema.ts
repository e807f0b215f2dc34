import { z } from 'zod'
import { Milestone } from '../incident/milestones.ts'

const Instant = z.string().describe('ISO 8601, UTC')
const Section = z.object({
  sentences: z.array(z.string()),
  /** What is missing. */
  unknown: z.string().nullable(),
})

/**
 * The postmortem for programs. Its shape is a promise: members are added, and `schemaVersion` is counted up when one
 * changes its meaning or goes. Spans are milliseconds, text is free of mark-up.
 */
export const PostmortemJson = z.object({
  schemaVersion: z.literal(1),
  writtenAt: Instant.describe('when the last entry was made that this document knows of'),
  incident: z.object({
    id: z.string().describe('INC-42'),
    title: z.string(),
    status: z.string(),
    severity: z.string(),
    service: z.string().nullable().describe("the catalogue's id of it"),
    drill: z.boolean(),
    private: z.boolean(),
    declaredAt: Instant,
    declaredBy: z.string(),
    impact: z.string().nullable(),
    outcome: z.string().nullable(),
    mergedInto: z.string().nullable(),
    channel: z.object({ id: z.string(), name: z.string() }).nullable(),
    alerts: z.object({ total: z.number().int(), firing: z.number().int() }),
    roles: z.array(z.object({ role: z.string(), holder: z.string(), slackUserId: z.string() })),
  }),
  milestones: z
    .array(
      z.object({
        milestone: Milestone,
        name: z.string(),
        at: Instant,
        source: z.string(),
        corrected: z.boolean().describe('a person said so'),
        estimate: z.boolean().describe('read off a graph'),
        reason: z.string().nullable().describe('why a person corrected it'),
      }),
    )
    .describe('those reached, and how we know'),
  spans: z.array(z.object({ name: z.string(), milliseconds: z.number(), from: Milestone, to: Milestone })),
  harm: z.object({
    signal: z.string().nullable().describe('the title of the graph it is read off'),
    failedRequests: z.number().int().nullable().describe('about so many, from the frozen graphs'),
    ofRequests: z.number().int().nullable(),
    lowerBound: z
      .boolean()
      .nullable()
      .describe('whether the graphs have data for only a part of the harm, so that more requests may have failed'),
    relapses: z.array(z.object({ from: Instant, to: Instant })).describe('after it was called mitigated'),
  }),
  timeline: z
    .array(
      z.object({
        seq: z.number().int(),
        at: Instant,
        recordedAt: Instant,
        type: z.string(),
        by: z.string(),
        text: z.string(),
        corrected: z.boolean().describe('its time was corrected afterwards'),
      }),
    )
    .describe('every entry, none folded, in the order things happened'),
  conversation: z
    .array(
      z.object({
        ts: z.string(),
        at: Instant,
        by: z.string(),
        text: z.string(),
        thread: z.string().nullable().describe('the `ts` of the message it replies to'),
        edited: z.boolean(),
      }),
    )
    .optional()
    .describe('what people wrote in the channel until the incident was closed, the latest 2,000 messages'),
  evidence: z
    .array(
      z.looseObject({
        hash: z.string(),
        kind: z.string(),
        source: z.string(),
        title: z.string(),
        phase: z.string(),
        collectedAt: Instant,
      }),
    )
    .describe('every look, in the order they were made; `hash` names the frozen body'),
  actions: z.array(
    z.object({
      id: z.number().int(),
      text: z.string(),
      type: z.string().nullable(),
      owner: z.string().nullable(),
      bug: z.string().nullable().describe('a web address, or the key of a ticket'),
      due: z.string().nullable().describe('a day, 2026-12-01'),
      state: z.string().describe('open, in progress, done or dropped'),
      done: z.boolean(),
    }),
  ),
  sections: z.object({
    summary: Section,
    impact: Section,
    rootCauses: Section,
    trigger: Section,
    resolution: Section,
    detection: Section,
    wentWell: Section,
    wentWrong: Section,
    gotLucky: Section,
  }),
  status: z.string().describe('Draft, In review, Published or Complete').optional(),
  review: z
    .object({
      state: z.enum(['in review', 'published']),
      since: Instant,
      reviewers: z.array(z.object({ name: z.string(), approved: z.boolean() })),
    })
    .nullable()
    .optional()
    .describe('null while nobody was asked to review it'),
  edited: z
    .array(z.object({ section: z.string(), by: z.string(), at: Instant }))
    .optional()
    .describe('the sections that people wrote, and who did last'),
  unknowns: z
    .array(z.object({ section: z.string(), what: z.string(), question: z.string(), answer: z.string() }))
    .describe('what only people can say and nobody has said yet; `answer` is what to type in Slack'),
  wording: z
    .array(z.object({ section: z.string(), text: z.string(), why: z.string() }))
    .describe('sentences that read like blame'),
})
export type PostmortemJson = z.infer<typeof PostmortemJson>

/** The JSON Schema of it, as published in `docs/postmortem.schema.json`. */
export const postmortemSchema = (): object => ({
  title: "Muster's postmortem as JSON, version 1",
  ...z.toJSONSchema(PostmortemJson),
})
