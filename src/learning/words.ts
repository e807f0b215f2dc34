/** Too common to distinguish incidents, or to search for. */
const COMMON = new Set(
  'a an and are as at be been but by for from had has have in into is it its no not now of off on or our over so that the their there this to too up was we were which will with alert alerts incident service error errors high low'.split(
    ' ',
  ),
)
const LONGEST = 40

/** The words of a text: letters and digits, lower case, without accents, each once. */
export const wordsOf = (text: string): string[] => [
  ...new Set(
    text
      // An incident's id is one word, or its number would find every line with that number.
      .replace(/\binc-(?=\d)/gi, 'inc')
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
      .map((word) => word.slice(0, LONGEST)),
  ),
]

/** The significant words of a text. */
export const tellingWords = (text: string): string[] =>
  wordsOf(text).filter((word) => word.length > 2 && !COMMON.has(word) && !/^\d+$/.test(word))

/** The search terms: `timeouts` also finds `timeout`, because each word matches as a prefix. */
export const searchWords = (text: string): string[] => {
  const all = wordsOf(text)
  const telling = all.filter((word) => !COMMON.has(word))
  return (telling.length > 0 ? telling : all).map((word) => (word.length > 4 ? word.replace(/s$/, '') : word))
}

/** What stays the same in a line of a log: ids, numbers, addresses and quoted values are left out. */
export const patternOf = (line: string): string =>
  line
    .toLowerCase()
    .replace(/^\S*\d{2}:\d{2}\S*\s*/, '')
    .replace(/"[^"]*"|'[^']*'/g, '\u2026')
    .replace(/\b(?=[0-9a-f-]*\d)[0-9a-f]{2,}(?:-[0-9a-f]+)*\b/g, '#')
    .replace(/\d+/g, '#')
    .replace(/#(?:[.:\-,]#)+/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120)

/** A note for the postmortem, written afterwards: `root cause: ...`. It does not describe an action. */
export const isReview = (note: string): boolean =>
  /^\s*(impact|root causes?|trigger|detection|resolution|lessons?|went (well|wrong)|(got )?lucky)\s*:/i.test(note)
