import { z } from 'zod'
import { refuse } from './refusal.ts'
import type { Metadata } from './state.ts'

const plain = z.union([z.string(), z.number(), z.boolean()])
const flat = z.record(z.string(), plain)
const Shape = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.union([plain, flat, z.array(flat), z.array(plain)])),
})

/** Slack advises apps to stay below this many characters of JSON; the actual limit is not documented. */
const maxLength = 8_000

/** Validates message metadata: a named event whose payload holds scalars, flat objects, or lists of them. */
export const readMetadata = (value: unknown): Metadata | undefined => {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null) return refuse('invalid_metadata_format')
  const parsed = Shape.safeParse(value)
  if (!parsed.success || !/^\w+$/.test(parsed.data.event_type)) return refuse('invalid_metadata_schema')
  if (JSON.stringify(value).length > maxLength) return refuse('metadata_too_large')
  return parsed.data
}
