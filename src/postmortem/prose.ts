import { capital } from '../incident/measure.ts'
import { type Phrase, plain, typed } from '../incident/phrase.ts'

/** One section in sentences, and what is missing in it, printed after "Not known yet:". */
export type Section<Sentences = Phrase[]> = { known: Sentences[]; unknown: string | null }

/** Begins and ends like a sentence, whatever a person typed. */
export const sentence = (phrases: Phrase[]): Phrase[] => {
  const [first, ...rest] = phrases
  const begun = first && 'text' in first && !isCodeName(first.text) ? [{ text: capital(first.text) }, ...rest] : phrases
  const last = begun.at(-1)
  return last && 'text' in last && /[.!?…:]["')\]]?\s*$/.test(last.text) ? begun : [...begun, { text: '.' }]
}

/** Begins with a name like `pending-orders-recreation` or `threads_connected`, which is written as it is. */
const isCodeName = (text: string): boolean => /^\s*\S*(?:[_./\d]\S|-\S+-\S)/.test(text)

/** What people typed, one sentence each, without repetitions. */
export const recorded = (texts: readonly string[]): Phrase[][] =>
  [...new Set(texts.map((text) => text.trim()))].map((text) => sentence(typed(text)))

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** With this share of the shorter text's words in the longer one, the two are considered duplicates. */
const ALIKE = 0.6

/** Whether two texts say the same in other words. */
export const alike = (a: Phrase[], b: Phrase[]): boolean => {
  const [one, other] = [wordsOf(a), wordsOf(b)]
  const fewer = Math.min(one.size, other.size)
  return fewer > 0 && one.intersection(other).size >= ALIKE * fewer
}

const wordsOf = (phrases: Phrase[]): Set<string> =>
  new Set(
    [
      ...plain(phrases)
        .toLowerCase()
        .matchAll(/[\p{L}\p{N}]{4,}/gu),
    ].map(([word]) => word),
  )
