import { readFileSync } from 'node:fs'
import type { Delivery } from '../../src/incident/alert.ts'

/** When every test's delivery arrives: shortly after the recorded payloads were sent. */
export const receivedAt = Date.parse('2026-11-21T06:00:00Z')

/** A recorded payload of a vendor, as its bytes. */
export const fixture = (path: string): Buffer => readFileSync(new URL(`../fixtures/${path}`, import.meta.url))

/** A delivery of these bytes with these headers (lower-case names). */
export const delivery = (body: Buffer | string, rest: Partial<Delivery> = {}): Delivery => ({
  headers: {},
  body: Buffer.from(body),
  receivedAt,
  ...rest,
})
