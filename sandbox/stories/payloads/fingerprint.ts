import { createHash } from 'node:crypto'

/** Names a set of labels, as an Alertmanager fingerprint does: 16 hexadecimal digits, the same for the same labels. */
export const fingerprint = (labels: Record<string, string>): string =>
  hexOf(
    Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat()
      .join('\u00ff'),
  ).slice(0, 16)

/** Hexadecimal digits made from a text: stands for any id a vendor would give. */
export const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The members that all have with the same value: what a vendor calls `commonLabels`. */
export const common = (sets: readonly Record<string, string>[]): Record<string, string> => {
  const [first = {}, ...others] = sets
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((set) => set[name] === value)))
}
