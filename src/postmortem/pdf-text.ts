import { fileURLToPath } from 'node:url'

const file = (path: string): string => fileURLToPath(import.meta.resolve(`@expo-google-fonts/${path}`))
const one = (path: string) => ({ normal: file(path), bold: file(path), italics: file(path), bolditalics: file(path) })

/** The fonts of a PDF. None is italic: emphasis is a colour, which also works for Chinese. */
export const FONTS = () => ({
  Inter: {
    ...one('inter/400Regular/Inter_400Regular.ttf'),
    bold: file('inter/600SemiBold/Inter_600SemiBold.ttf'),
    bolditalics: file('inter/600SemiBold/Inter_600SemiBold.ttf'),
  },
  Han: one('noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  Emoji: one('noto-emoji/400Regular/NotoEmoji_400Regular.ttf'),
})

/** The font files, so that a document can read these and no other file. */
export const FONT_FILES = (): Set<string> => new Set(Object.values(FONTS()).flatMap((faces) => Object.values(faces)))

const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u
const EMOJI = /(?![©®™\d#*])\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\u20e3/u

/** One run of text that one font can write. */
export type Run = { text: string; font: 'Inter' | 'Han' | 'Emoji' }

/** Text in runs by font: a PDF has no fallback of its own, and would show boxes. */
export const runsOf = (text: string): Run[] => {
  const runs: Run[] = []
  // Variation selectors choose between a coloured and a black sign; there is only the black one.
  for (const character of text.replace(/[\ufe0e\ufe0f]/g, '')) {
    const font = EMOJI.test(character) ? 'Emoji' : HAN.test(character) ? 'Han' : 'Inter'
    const last = runs.at(-1)
    if (last?.font === font) last.text += character
    else runs.push({ text: character, font })
  }
  return runs
}
