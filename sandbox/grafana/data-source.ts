import express, { type Router } from 'express'

/** A panel's query in the format of `/api/ds/query`. */
type Query = { refId?: string; expr?: string; intervalMs?: number }

type Matrix = { data?: { result?: { metric: Record<string, string>; values: [number, string][] }[] }; error?: string }

/** The only data source, Prometheus: panel queries and the data-source proxy. */
export const dataSourceRoutes = (prometheusUrl: string): Router => {
  const router = express.Router()
  router.get('/api/datasources', (_request, response) => {
    response.json([{ id: 1, uid: 'prometheus', name: 'Prometheus', type: 'prometheus', isDefault: true }])
  })
  router.post('/api/ds/query', async (request, response) => {
    const { queries = [], from, to } = request.body as { queries?: Query[]; from?: string; to?: string }
    const results: Record<string, unknown> = {}
    for (const { refId = 'A', expr = '', intervalMs = 15_000 } of queries) {
      const matrix = await range(prometheusUrl, { query: expr, from: Number(from), to: Number(to), stepMs: intervalMs })
      results[refId] = matrix.error
        ? { error: matrix.error, status: 400 }
        : { status: 200, frames: (matrix.data?.result ?? []).map((line) => frame(refId, line)) }
    }
    const failed = Object.values(results).some((result) => 'error' in (result as object))
    response.status(failed ? 400 : 200).json({ results })
  })
  router.all('/api/datasources/proxy/uid/prometheus/*path', async (request, response) => {
    const path = request.originalUrl.split('/proxy/uid/prometheus')[1] ?? ''
    const form =
      Object.keys(request.body ?? {}).length > 0
        ? new URLSearchParams(request.body as object as Record<string, string>)
        : undefined
    const answer = await fetch(prometheusUrl + path, { method: request.method, ...(form ? { body: form } : {}) })
    response
      .status(answer.status)
      .type('json')
      .send(await answer.text())
  })
  return router
}

/** Runs a range query against Prometheus. */
export const range = async (
  prometheusUrl: string,
  { query, from, to, stepMs }: { query: string; from: number; to: number; stepMs: number },
): Promise<Matrix> => {
  const body = new URLSearchParams({
    query,
    start: String(from / 1000),
    end: String(to / 1000),
    step: String(Math.max(1, stepMs / 1000)),
  })
  const answer = await fetch(`${prometheusUrl}/api/v1/query_range`, { method: 'POST', body })
  return (await answer.json()) as Matrix
}

/** One series as a data frame: a column of times and a column of values. */
const frame = (refId: string, { metric, values }: { metric: Record<string, string>; values: [number, string][] }) => ({
  schema: {
    refId,
    fields: [
      { name: 'Time', type: 'time' },
      { name: 'Value', type: 'number', labels: metric },
    ],
  },
  data: {
    values: [values.map(([at]) => at * 1000), values.map(([, value]) => (value === 'NaN' ? null : Number(value)))],
  },
})
