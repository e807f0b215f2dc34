import type { PostmortemData, Remark } from './document.ts'

const BLAMING =
  /\b(should(n't| not)? have|could have|ought to have|failed to|neglected|careless(ly|ness)?|negligen(t|ce)|incompeten(t|ce)|human error|(his|her|their|whose) (fault|mistake)|to blame|blames?d?|forgot( to)?|stupid(ly)?)\b/i

/** The sections that are about causes: a person named there is named as one. */
export const wordingOf = (
  { root_causes, trigger, summary, lessons }: PostmortemData,
  names: readonly string[],
): Remark[] => {
  const recorded = {
    'Root Causes': root_causes.known,
    Trigger: trigger.known.filter((one) => !String(one).startsWith('The nearest change')),
    Summary: summary.slice(1),
    'Lessons Learned': [...lessons.well.recorded, ...lessons.wrong.recorded, ...lessons.lucky.recorded],
  }
  const seen = new Set<string>()
  return Object.entries(recorded).flatMap(([section, sentences]) =>
    sentences.map(String).flatMap((text) => {
      if (seen.has(text)) return []
      seen.add(text)
      const phrase = BLAMING.exec(text)?.[0]
      const person = section === 'Lessons Learned' ? undefined : names.find((name) => mentions(text, name))
      return [
        ...(phrase
          ? [{ section, text, why: `"${phrase}" judges after the fact; say what was known at the time` }]
          : []),
        ...(person ? [{ section, text, why: `it names ${person}; name the system or the step instead` }] : []),
      ]
    }),
  )
}

/** The full name, or a first name of at least three letters, as separate words. */
const mentions = (text: string, name: string): boolean =>
  [name, name.split(' ')[0] ?? ''].some(
    (one) =>
      one.length >= 3 && new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(one)}(?![\\p{L}\\p{N}])`, 'u').test(text),
  )
