import { createHash } from 'node:crypto'

/** A stable fingerprint of a label set, like Alertmanager's: 16 hexadecimal digits. */
export const fingerprint = (labels: Record<string, string>): string =>
  hexOf(
    Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat()
      .join('\u00ff'),
  ).slice(0, 16)

/** A stable hexadecimal string derived from a text, used as a vendor's id. */
export const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Labels with the same value in every set: `commonLabels` in vendors' payloads. */
export const common = (sets: readonly Record<string, string>[]): Record<string, string> => {
  const [first = {}, ...others] = sets
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((set) => set[name] === value)))
}
