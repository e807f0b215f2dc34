import { z } from 'zod'
import { Refusal } from '../../incident/errors.ts'
import { findService } from '../../incident/service.ts'
import { iso } from '../present.ts'
import { defineTool } from '../tool.ts'

export const whoIsOnCall = defineTool({
  name: 'who_is_on_call',
  title: 'Who is on call',
  description:
    'Who is on call for a service right now, level 1 first, as PagerDuty says. It pages nobody: in Slack, `/incident page` does.',
  input: z.strictObject({ service: z.string().min(1).max(100).describe('Id or name of a service') }),
  async run({ service: name }, { sources, signal }) {
    const { catalogue } = sources.vocabulary
    if (!sources.onCall)
      throw new Refusal(
        'No pager is connected (PAGERDUTY_API_TOKEN). get_incident says who was found on call when an incident opened.',
      )
    const service = findService(catalogue, { service: name })
    const paged = [...catalogue.values()].filter(({ pagerdutyService }) => pagerdutyService !== undefined)
    if (!service?.pagerdutyService)
      throw new Refusal(
        `${service ? `${service.name} has no pagerdutyService in the catalogue` : `The catalogue has no service "${name}"`}. On call is known for: ${paged.map(({ id }) => id).join(', ') || 'none'}.`,
      )
    const people = await sources.onCall(service, signal)
    return {
      service: service.name,
      team: service.owner,
      on_call: people.map(({ name: who, level, schedule, until }) => ({
        name: who,
        level,
        schedule,
        until: iso(until),
      })),
      ...(people.length === 0 ? { remark: 'Nobody is on call for it.' } : {}),
    }
  },
})
