import type { Vocabulary } from './vocabulary.ts'

/** Display names for ids from the operator's configuration. */
export type Labels = { service(id: string): string; severity(id: string): string; role(id: string): string }

const itself = (id: string): string => id

/** Every id as stored in the log. */
export const IDS: Labels = { service: itself, severity: itself, role: itself }

/** The operator's names; ids no longer in the configuration are shown as they are. */
export const labelsOf = ({ catalogue, severities, roles }: Vocabulary): Labels => ({
  service: (id) => catalogue.get(id)?.name ?? id,
  severity: (id) => severities.find((one) => one.id === id)?.name ?? id,
  role: (id) => roles.find((one) => one.id === id)?.name ?? id,
})
