import { z } from 'zod'
import { Refusal } from '../incident/errors.ts'
import type { Incident } from '../incident/incident.ts'
import { mayRead, type ToolContext } from './tool.ts'

/** `INC-42`; `42` and `inc-42` are accepted. */
export const IncidentId = z
  .string()
  .regex(/^(INC-)?\d{1,9}$/i, 'expected the id of an incident, like INC-42')
  .describe('Id of the incident, like INC-42')

/** How many entries one response holds. */
export const limitOf = (usual: number, most: number) =>
  z.int().min(1).max(most).default(usual).describe(`How many to return, at most ${most}`)

/** The cursor where an earlier response of the same tool ended. */
export const Cursor = z
  .string()
  .regex(/^\d{1,12}$/, 'expected the next_cursor of an earlier answer of this tool')
  .transform(Number)
  .optional()
  .describe('next_cursor of an earlier answer, for what follows it; leave it out for the first page')

/** An instant with its zone, as epoch ms. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'expected an instant with its zone, like 2026-01-31T08:00:00Z' })
  .transform((text) => Date.parse(text))

/**
 * @throws Refusal when there is no such incident, or none that this assistant may read: the two are indistinguishable.
 */
export const readableIncident = async (id: string, { sources, user }: ToolContext): Promise<Incident> => {
  const name = `INC-${Number(id.replace(/^INC-/i, ''))}`
  const incident = await sources.store.read(name)
  if (!incident || !mayRead(incident, user))
    throw new Refusal(`There is no incident ${name} that you may read. list_incidents and search_incidents return ids.`)
  return incident
}
