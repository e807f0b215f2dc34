const MAX_DEPTH = 3
const MAX_MEMBERS = 20

/**
 * The structure of a JSON value without its contents, for logs: member names and types, an array by its length and
 * first entry. `{"alerts":[{"status":"string"}]}` shows what a sender got wrong; the values may be confidential.
 */
export const outlineOf = (value: unknown, depth = 0): unknown => {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  if (Array.isArray(value))
    return value.length === 0 || depth >= MAX_DEPTH
      ? `array of ${value.length}`
      : [`array of ${value.length}`, outlineOf(value[0], depth + 1)]
  const members = Object.entries(value)
  if (depth >= MAX_DEPTH) return `object of ${members.length}`
  const shown = members
    .slice(0, MAX_MEMBERS)
    .map(([name, member]) => [name.slice(0, 100), outlineOf(member, depth + 1)])
  if (members.length > MAX_MEMBERS) shown.push(['…', `${members.length - MAX_MEMBERS} more`])
  return Object.fromEntries(shown)
}
