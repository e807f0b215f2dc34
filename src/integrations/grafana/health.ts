import { z } from 'zod'

const Health = z.object({ database: z.string(), version: z.string().optional() })

/** Grafana's version, when it is well and takes the token. @throws a sentence otherwise. */
export const grafanaHealth = async ({
  url,
  token,
  timeoutMs = 5_000,
  fetch = globalThis.fetch,
}: {
  url: string
  token: string
  timeoutMs?: number
  fetch?: typeof globalThis.fetch
}): Promise<string> => {
  const ask = (path: string) =>
    fetch(`${url.replace(/\/+$/, '')}${path}`, {
      headers: { Accept: 'application/json', Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new Error('Grafana could not be reached; check GRAFANA_URL', { cause })
    })
  const health = await ask('/api/health')
  const told = Health.safeParse(await health.json().catch(() => undefined)).data
  if (!health.ok || told?.database !== 'ok') throw new Error(`Grafana is not well (${health.status})`)
  const annotations = await ask('/api/annotations?limit=1')
  await annotations.body?.cancel()
  if (!annotations.ok) throw new Error(`Grafana answered ${annotations.status}; GRAFANA_TOKEN must be able to read`)
  return `is well${told.version ? `, version ${told.version}` : ''}`
}
