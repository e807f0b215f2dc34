import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AlertSource, Delivery, Reading } from '../incident/alert.ts'

/** Entries processed per turn of the event loop: parsing 5,000 alerts at once takes a quarter of a second. */
const PART = 100

/** Reads a body, a large list of entries in parts with a turn of the event loop between them. */
export const readInParts = async (
  { read, entries }: Pick<AlertSource, 'read' | 'entries'>,
  body: unknown,
  delivery: Delivery,
): Promise<Reading> => {
  const parts = partsOf(body, entries)
  if (parts === undefined) return read(body, delivery)
  const all: Reading = { signals: [], understood: false }
  const notes = new Set<string>()
  for (const part of parts) {
    await nextTurn()
    const { signals, understood, notes: added = [] } = await read(part, delivery)
    all.signals.push(...signals)
    all.understood ||= understood
    for (const note of added) notes.add(note)
  }
  return notes.size > 0 ? { ...all, notes: [...notes] } : all
}

/** The same body with a part of its entries each; undefined when it is small. */
const partsOf = (body: unknown, member: string | undefined): unknown[] | undefined => {
  if (member === undefined || typeof body !== 'object' || body === null) return undefined
  const entries = (body as Record<string, unknown>)[member]
  if (!Array.isArray(entries) || entries.length <= PART) return undefined
  return Array.from({ length: Math.ceil(entries.length / PART) }, (_, i) => ({
    ...body,
    [member]: entries.slice(i * PART, (i + 1) * PART),
  }))
}
