import { Missing } from '../incident/errors.ts'
import type { Field } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { leadOf } from '../incident/ranking.ts'
import { type Catalogue, findService } from '../incident/service.ts'

/** The longest name of a service that is accepted. */
export const LONGEST_CAUSE = 200

/**
 * The input for the service at fault, named `cause`. Filled in only with what a person recorded: the ranking must not
 * confirm itself.
 */
export const causeField = ({ cause, ranking }: Pick<Incident, 'cause' | 'ranking'>): Field => {
  const suspect = ranking && leadOf(ranking)?.service
  return {
    name: 'cause',
    label: 'Which service was at fault?',
    kind: 'line',
    optional: true,
    hint: `${suspect ? `The suspect ranking names ${suspect}. ` : ''}Your answer is in the postmortem, and counts how often the ranking is right.`,
    ...(cause ? { initial: cause.service } : {}),
  }
}

/**
 * The service that the input names: our id, or the name as typed, because the cause may be a database that nobody
 * declared. Undefined for an empty input. @throws Missing when it is no name.
 */
export const causeTyped = (typed: unknown, catalogue: Catalogue): string | undefined => {
  const name = typeof typed === 'string' ? typed.trim() : ''
  if (name.length > LONGEST_CAUSE)
    throw new Missing(
      'cause',
      `Name a service in under ${LONGEST_CAUSE} characters; the why belongs to the root causes.`,
    )
  return name ? (findService(catalogue, { service: name })?.id ?? name) : undefined
}
