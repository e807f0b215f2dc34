import { z } from 'zod'
import { createHttpClient } from '../../platform/http-client.ts'

const Health = z.object({ database: z.string(), version: z.string().optional() })

/**
 * Checks that Grafana is healthy and accepts the token; resolves with a line for the operator.
 * @param marks whether incidents are written as annotations, which dashboards show only when they query for them
 * @throws one sentence
 */
export const grafanaHealth = async ({
  url,
  token,
  marks = false,
  timeoutMs = 5_000,
  fetch,
}: {
  url: string
  token: string
  marks?: boolean
  timeoutMs?: number
  fetch?: typeof globalThis.fetch | undefined
}): Promise<string> => {
  const http = createHttpClient({ name: 'Grafana', url, token, timeoutMs, maxBytes: 1024 * 1024, fetch })
  const health = await http.request('/api/health')
  const body = Health.safeParse(health.json()).data
  if (!health.ok || body?.database !== 'ok') throw new Error(`Grafana reports that it is unhealthy (${health.status})`)
  const annotations = await http.request('/api/annotations', { query: { limit: 1 } })
  if (!annotations.ok) throw new Error(`Grafana answered ${annotations.status}; GRAFANA_TOKEN must be able to read`)
  const seen = marks
    ? '; incidents are annotations tagged `incident`, which a dashboard shows once it has an annotation query for that tag (docs/sources/grafana.md)'
    : ''
  return `is healthy${body.version ? `, version ${body.version}` : ''}${seen}`
}
