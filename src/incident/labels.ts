import type { Vocabulary } from './vocabulary.ts'

/** What ids of the operator's configuration are called. */
export type Labels = { service(id: string): string; severity(id: string): string; role(id: string): string }

const itself = (id: string): string => id

/** Every id as it stands in the log. */
export const IDS: Labels = { service: itself, severity: itself, role: itself }

/** The names that the operator gave; what has been removed from the configuration since keeps its id. */
export const labelsOf = ({ catalogue, severities, roles }: Vocabulary): Labels => ({
  service: (id) => catalogue.get(id)?.name ?? id,
  severity: (id) => severities.find((one) => one.id === id)?.name ?? id,
  role: (id) => roles.find((one) => one.id === id)?.name ?? id,
})
