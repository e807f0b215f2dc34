/** Slack: channel names have at most 80 characters. */
const LONGEST = 80

/** Lower-case ASCII words joined by hyphens; letters with accents lose them, everything else becomes a hyphen. */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

type Named = { id: string; title: string; severity: string; declaredAt: number; drill: boolean }

/**
 * The channel's name by the operator's pattern, `{prefix}`, `{number}`, `{slug}`, `{severity}` and `{date}` filled in, always valid
 * for Slack: lower-case letters, digits, `-` and `_`, at most 80 characters. Ends with `-2`, `-3`, ... on later
 * attempts, when the name is already taken.
 */
export const channelName = (
  { id, title, severity, declaredAt, drill }: Named,
  { pattern, prefix }: { pattern: string; prefix: string },
  attempt = 1,
): string => {
  const suffix = attempt > 1 ? `-${attempt}` : ''
  const number = id.replace(/^\D+/, '')
  const filled = pattern
    .replace('{prefix}', drill ? `drill-${prefix}` : prefix)
    .replace('{number}', number)
    .replace('{date}', new Date(declaredAt).toISOString().slice(0, 10))
    .replace('{severity}', severity)
    .replace('{slug}', slugOf(title).slice(0, 60))
  const clean = filled
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+/, '')
  // A pattern that consists of the title may be left empty by a title of nothing but emoji.
  const name = clean.slice(0, LONGEST - suffix.length).replace(/-+$/, '') || id.toLowerCase()
  return name + suffix
}
