import { readFileSync } from 'node:fs'

/** A vendor's recorded payload. */
export const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8'))

/**
 * Paths of members of a recorded payload that ours lacks or has with another type. Values may differ, and null matches
 * anything: a reader of the vendor's format must be able to read ours.
 */
export const missingFrom = (ours: unknown, recorded: unknown, path = ''): string[] => {
  if (recorded === null || ours === null) return []
  if (Array.isArray(recorded)) {
    if (!Array.isArray(ours)) return [path]
    return recorded.length && ours.length ? missingFrom(ours[0], recorded[0], `${path}[0]`) : []
  }
  if (typeof recorded !== 'object') return typeof ours === typeof recorded ? [] : [path]
  if (typeof ours !== 'object') return [path]
  const members = ours as Record<string, unknown>
  return Object.entries(recorded).flatMap(([name, value]) =>
    name in members ? missingFrom(members[name], value, `${path}.${name}`) : [`${path}.${name}`],
  )
}
