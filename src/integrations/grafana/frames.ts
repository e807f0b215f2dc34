import { z } from 'zod'
import type { Series } from '../../incident/evidence.ts'
import { Labels, Text } from '../../incident/outside.ts'

/** What `/api/ds/query` answers: per query data frames, column-wise; a failed one has an error. */
const Answer = z.object({
  results: z.record(
    z.string(),
    z.object({
      error: Text,
      frames: z
        .array(
          z.object({
            schema: z.object({
              name: Text,
              fields: z.array(z.object({ name: Text, type: Text, labels: Labels, config: z.unknown().optional() })),
            }),
            data: z.object({ values: z.array(z.array(z.unknown())) }),
          }),
        )
        .optional()
        .catch(undefined),
    }),
  ),
})

/** The series of a response, and why queries of it failed. */
export const readFrames = (body: unknown): { series: Series[]; errors: string[] } => {
  const answer = Answer.safeParse(body)
  if (!answer.success) return { series: [], errors: ['Grafana answered with something that is not data.'] }
  const series: Series[] = []
  const errors: string[] = []
  for (const { error, frames = [] } of Object.values(answer.data.results)) {
    if (error) errors.push(error)
    for (const { schema, data } of frames) {
      const time = schema.fields.findIndex(({ type }) => type === 'time')
      const times = data.values[time] ?? []
      schema.fields.forEach(({ type, name, labels, config }, i) => {
        if (type !== 'number') return
        const shown = z.object({ displayNameFromDS: Text }).safeParse(config).data?.displayNameFromDS
        const values = data.values[i] ?? []
        const points = times.flatMap((at, row): Series['points'] => {
          const value = values[row]
          return typeof at === 'number'
            ? [[Math.round(at), typeof value === 'number' && Number.isFinite(value) ? value : null]]
            : []
        })
        if (points.length > 0)
          series.push({
            name: shown ?? (Object.values(labels).join(', ') || schema.name || name || 'value'),
            labels,
            points,
          })
      })
    }
  }
  return { series, errors }
}
