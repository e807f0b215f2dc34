import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/**
 * Identifies a page within its incident: the number of the event that caused it; with a fraction where one event caused
 * several.
 */
const page = z.number().positive()

/** A page as one incident hands it to another. */
const HandedPage = z.object({
  name: z.string(),
  /** The paging system's key for it, `pagerduty:<incident id>`. */
  reference: z.string(),
  link: z.string().optional(),
  sentAt: Millis.optional(),
})

/** The life of a page, from the request to the response. */
export const PAGE_EVENTS = [
  /** Somebody requested a page to a person, or to the on-call of a service. */
  z.object({
    ...stamp,
    type: z.literal('page_requested'),
    responder: z.string().optional(),
    service: z.string().optional(),
    text: z.string().optional(),
    /** The target in words, where it is not a person: `who is on call for Team Payments`. */
    name: z.string().optional(),
    /** The unanswered page that this one escalates. */
    escalates: page.optional(),
    /** Nobody is in command: the person paged should take it. */
    forCommand: z.boolean().optional(),
  }),
  /** The paging system accepted it. */
  z.object({
    ...stamp,
    type: z.literal('paged'),
    name: z.string(),
    link: z.string().optional(),
    page: page.optional(),
    /** The paging system's key for it, `pagerduty:<incident id>`. */
    reference: z.string().optional(),
    /** Muster created what `reference` names, and ends it with the incident. */
    made: z.boolean().optional(),
    /** The paging system's id of the one person who was added to an existing incident. */
    user: z.string().optional(),
    /** How many levels the escalation policy has. */
    levels: z.number().int().positive().optional(),
  }),
  z.object({
    ...stamp,
    type: z.literal('page_answered'),
    page,
    answer: z.enum(['acknowledged', 'declined']),
    /** Who responded. */
    name: z.string().optional(),
  }),
  /** No response in time. `next` describes what follows, and `escalateAt` when; absent when nothing is left. */
  z.object({
    ...stamp,
    type: z.literal('page_unanswered'),
    page,
    next: z.string().optional(),
    escalateAt: Millis.optional(),
  }),
  /** It was escalated to the next level of its policy, or to the next of the operator's list. */
  z.object({
    ...stamp,
    type: z.literal('page_escalated'),
    page,
    to: z.string(),
    level: z.number().int().positive().optional(),
  }),
  z.object({ ...stamp, type: z.literal('page_escalation_stopped'), page }),
  z.object({ ...stamp, type: z.literal('page_ended'), page, reason: z.string() }),
  /** Pages of an incident that was merged into this one. */
  z.object({ ...stamp, type: z.literal('pages_received'), from: z.string(), pages: z.array(HandedPage) }),
] as const
