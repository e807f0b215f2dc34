import { z } from 'zod'
import { stamp } from './stamp.ts'
import { SeverityId, Status } from './status.ts'

const Link = z.string().regex(/^https?:\/\//, 'expected an address that begins with https://')

/** What a rule does, all of it. */
export const RuleActions = z
  .strictObject({
    /** People (U...) and user groups (S...) brought into the channel. */
    invite: z
      .array(
        z
          .string()
          .regex(/^[SUW][A-Z0-9]{2,}$/, 'expected the id of a user group (S...) or of a person (U...) in Slack'),
      )
      .min(1)
      .max(20)
      .optional(),
    /** Said in the incident's channel. */
    post: z.strictObject({ text: z.string().min(1).max(1000), link: Link.optional() }).optional(),
    /** Who is paged: who is on call for a service (its id) or for the user group of one (S...), or a person (U...). */
    page: z.string().optional(),
    /** Said in another channel, an id or a name like #support. */
    announce: z.strictObject({ channel: z.string().min(1), text: z.string().min(1).max(1000) }).optional(),
  })
  .refine((actions) => Object.values(actions).some((one) => one !== undefined), {
    error: 'expected something to do: invite, post, page or announce',
  })
export type RuleActions = z.infer<typeof RuleActions>

/** Statuses that a rule can wait for. */
export const RULE_STATUSES = ['identified', 'mitigated', 'resolved', 'cancelled', 'closed'] as const
/** Statuses in which nobody is paged any more. */
const ENDED = ['resolved', 'cancelled', 'closed']

const TRIGGERS = ['declared', 'severity', 'status', 'alert'] as const

/** One rule of muster.yaml: when this happens, do that. It acts at most once for each incident. */
export const Rule = z
  .strictObject({
    name: z.string().min(1).max(60),
    when: z
      .strictObject({
        declared: z.literal(true).optional(),
        /** The severity becomes this one; also when it is declared with it. */
        severity: SeverityId.optional(),
        status: z.enum(RULE_STATUSES).optional(),
        /** Labels of an alert that opens it or joins it, all of them. */
        alert: z.record(z.string(), z.string()).optional(),
        /** Only incidents of this service. */
        service: z.string().optional(),
      })
      .refine((when) => TRIGGERS.filter((one) => when[one] !== undefined).length === 1, {
        error: `expected exactly one of ${TRIGGERS.join(', ')}; \`service\` may stand beside it`,
      }),
    do: RuleActions,
    /** It acts for private incidents, too. */
    private: z.boolean().default(false),
  })
  .refine(({ when, do: actions }) => actions.page === undefined || !ENDED.includes(when.status ?? ''), {
    error: 'expected no `page` here: nobody is paged when an incident ends',
    path: ['do', 'page'],
  })
export type Rule = z.infer<typeof Rule>

/** A rule acted because of the event of number `about`. */
export const RULE_EVENT = z.object({
  ...stamp,
  type: z.literal('rule_applied'),
  rule: z.string(),
  about: z.number().int().positive(),
  actions: RuleActions,
  /** The incident's status then: what ends it may be what the rule waits for. */
  status: Status.optional(),
})
