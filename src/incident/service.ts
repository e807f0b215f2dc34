import { z } from 'zod'

/** One query of a service's catalogue entry. */
export const ServiceQuery = z.object({
  title: z.string().min(1),
  /** PromQL. */
  query: z.string().min(1),
  /** Shown on the axis: `s`, `ms`, `%`, `req/s`, `bytes`, ... */
  unit: z.string().default(''),
  /** A threshold drawn as a line. */
  threshold: z.number().optional(),
})
export type ServiceQuery = z.infer<typeof ServiceQuery>

/** One entry of the service catalogue, `services:` in muster.yaml. */
export const Service = z.object({
  /** Its id: the key in `services:`. */
  id: z.string(),
  name: z.string(),
  /** The owning team, or a person's Slack id. */
  owner: z.string().optional(),
  /** 1 is the most important. */
  tier: z.number().int().min(1).max(5).optional(),
  description: z.string().optional(),
  /** The owners' own channel, an id or a name, where its incidents are announced as well. */
  slackChannel: z.string().optional(),
  pagerdutyService: z.string().optional(),
  /** Id of the Slack user group (S...) that stands for this service's on-call: `/incident page @payments`. */
  slackGroup: z
    .string()
    .regex(/^S[A-Z0-9]+$/)
    .optional(),
  /** Trigger PagerDuty when a person declares an incident for this service. */
  pageOnDeclare: z.boolean().default(false),
  runbook: z.string().optional(),
  dashboards: z
    .array(
      z.object({
        title: z.string(),
        url: z.string().optional(),
        uid: z.string().optional(),
        panel: z.number().optional(),
        /** Values of the dashboard's variables, `{ service: web }`. */
        vars: z.record(z.string(), z.string()).optional(),
      }),
    )
    .default([]),
  queries: z.array(ServiceQuery).default([]),
  /** LogQL that selects its log lines; defaults to `{service="<id>"}`. */
  logs: z.string().min(1).optional(),
  dependsOn: z.array(z.string()).default([]),
  /** Label sets: an alert or change whose labels contain all of one belongs to the service. */
  match: z.array(z.record(z.string(), z.string())).default([]),
  /** Other names of this service at its sources. */
  aliases: z.array(z.string()).default([]),
})
export type Service = z.infer<typeof Service>

/** The catalogue by service id. */
export type Catalogue = ReadonlyMap<string, Service>

/** What an alert or a change says about its service. */
type Named = { service?: string | undefined; labels?: Record<string, string> }

/**
 * The catalogue's service for what a source reports: by id, name, alias or PagerDuty service id first, then by labels.
 * Undefined when the catalogue does not list it: an unknown service still gets its incident.
 */
export const findService = (catalogue: Catalogue, { service, labels = {} }: Named): Service | undefined => {
  const named = service ? namesIn(catalogue).get(service.toLowerCase()) : undefined
  if (named) return named
  const matches = (match: Record<string, string>) =>
    Object.keys(match).length > 0 && Object.entries(match).every(([label, value]) => labels[label] === value)
  return (
    [...catalogue.values()].find((entry) => entry.match.some(matches)) ??
    (labels.service ? catalogue.get(labels.service) : undefined)
  )
}

/** Our id for the service of an alert, or its source's own name for it. */
export const serviceIdOf = (catalogue: Catalogue, alert: Named): string | undefined =>
  findService(catalogue, alert)?.id ?? alert.labels?.service ?? alert.service

/** The catalogue is read once at the start; look-ups must stay fast during an alert storm. */
const indexes = new WeakMap<Catalogue, Map<string, Service>>()

/** Services by every name they have, in lower case; of two with the same name the first in the catalogue wins. */
const namesIn = (catalogue: Catalogue): Map<string, Service> => {
  const known = indexes.get(catalogue)
  if (known) return known
  const names = new Map<string, Service>()
  for (const entry of catalogue.values())
    for (const name of [entry.id, entry.name, entry.pagerdutyService, ...entry.aliases]) {
      const wanted = name?.toLowerCase()
      if (wanted && !names.has(wanted)) names.set(wanted, entry)
    }
  indexes.set(catalogue, names)
  return names
}

/**
 * "Checkout is slow" names the service `checkout`: the longest id, name or alias that occurs in the title as whole
 * words.
 */
export const serviceInTitle = (catalogue: Catalogue, title: string): Service | undefined => {
  const words = ` ${wordsOf(title)} `
  return [...catalogue.values()]
    .flatMap((service) =>
      [service.id, service.name, ...service.aliases].map((name) => ({ service, name: wordsOf(name) })),
    )
    .filter(({ name }) => name !== '' && words.includes(` ${name} `))
    .sort((a, b) => b.name.length - a.name.length)[0]?.service
}

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')
