import { fileURLToPath } from 'node:url'

/** The family charts are written in. It ships in a package: a slim container has no fonts of its own. */
export const FONT = 'Inter'

/** The font family in SVG; a page without Inter falls back to its own sans serif. */
export const FONT_FAMILY = `${FONT}, Noto Sans SC, Noto Emoji, sans-serif`

const file = (path: string): string => fileURLToPath(import.meta.resolve(`@expo-google-fonts/${path}`))

/** Its files, regular and semi-bold. */
const FONT_FILES = ['inter/400Regular/Inter_400Regular.ttf', 'inter/600SemiBold/Inter_600SemiBold.ttf']

/**
 * Scripts that Inter does not cover, and their fonts. Chinese and Japanese take 10 MB, so each is loaded only when
 * needed.
 */
const OTHERS: [characters: RegExp, path: string][] = [
  [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u,
    'noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  ],
  [/\p{Extended_Pictographic}/u, 'noto-emoji/400Regular/NotoEmoji_400Regular.ttf'],
]

/** The font files that a text needs. */
export const fontFilesFor = (text: string): string[] => [
  ...FONT_FILES.map(file),
  ...OTHERS.flatMap(([characters, path]) => (characters.test(text) ? [file(path)] : [])),
]
