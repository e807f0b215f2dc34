import type { EffectHandler } from '../../incident/effect-handler.ts'
import { Denied, type Guard } from '../../incident/errors.ts'
import type { Incident } from '../../incident/incident.ts'
import { isActive } from '../../incident/status.ts'
import type { Log } from '../../platform/log.ts'
import type { GrafanaClient } from './client.ts'

export type GrafanaEffectsOptions = {
  /** Undefined where no Grafana is configured, or annotations are turned off. */
  grafana: { client: GrafanaClient; guard: Guard } | undefined
  /** Epoch ms. */
  now: () => number
  log: Log
}

/** The incident's region among Grafana's annotations, so that every dashboard can show it. */
export const grafanaEffects = ({ grafana, now, log }: GrafanaEffectsOptions) => ({
  mark_in_grafana: (async (_effect, { incident, attempt, signal }) => {
    const { id, annotation, drill } = incident
    // An incident private from the start is never written; one that became private keeps its time span and loses its
    // text.
    if (!grafana || drill || (incident.private && !annotation)) return []
    const { client, guard } = grafana
    const region = regionOf(incident, now())
    const isSame = annotation?.text === region.text && annotation.from === region.from
    if (annotation && isSame && annotation.until === region.until) return []
    try {
      const written = { text: region.text, tags: region.tags, from: region.from, to: region.until ?? now() }
      const number = await guard(async () => {
        const known = annotation?.id ?? (await unheard(client, region, { attempt, signal }))
        if (known === undefined) return client.annotate(written, signal)
        return (await client.changeAnnotation(known, written, signal)) ? known : undefined
      })
      // Deleted by hand: it is not recreated.
      if (number === undefined) return []
      const { text, from, until } = region
      const stamp = { by: 'muster', at: now() }
      return [{ ...stamp, type: 'annotation_written', annotation: number, text, from, ...(until ? { until } : {}) }]
    } catch (error) {
      if (!(error instanceof Denied)) throw error
      // An incident works without it, and nobody in its channel can change a token.
      log.warn('Grafana refuses annotations', { incident: id, reason: error.message })
      return []
    }
  }) satisfies EffectHandler<'mark_in_grafana'>,
})

/** The region of an earlier attempt whose response was lost: it is found by its tags, and not written twice. */
const unheard = (
  client: GrafanaClient,
  { tags, from }: Region,
  { attempt, signal }: { attempt: number; signal: AbortSignal },
) => (attempt > 1 ? client.findAnnotation(tags, { from, to: from }, signal) : undefined)

/** `until` is undefined while the incident is open: the region then ends where it was last written. */
type Region = { from: number; until: number | undefined; text: string; tags: string[] }

const regionOf = (incident: Incident, now: number): Region => {
  const { id, title, severity, service, status, milestones, declaredAt, annotation } = incident
  const isOpen = isActive(status)
  const from = milestones.impact_started?.at ?? declaredAt
  // Cancelled and merged incidents have no end of their own; the time they were first seen to be over is used.
  const until = isOpen ? undefined : Math.max(from, milestones.resolved?.at ?? annotation?.until ?? now)
  if (incident.private) return { from, until, text: 'An incident', tags: ['incident'] }
  return {
    from,
    until,
    // Grafana shows the text as HTML.
    text: escapeHtml(`${id} (${severity}${isOpen ? '' : `, ${status}`}): ${title}`),
    tags: ['incident', id, `severity:${severity}`, ...(service ? [`service:${service}`] : [])],
  }
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
