import { fileURLToPath } from 'node:url'

/** The font family of charts. It ships in a package: a slim container has no fonts. */
export const FONT = 'Inter'

/** As an SVG names it; a page without Inter falls back to its sans serif. */
export const FONT_FAMILY = `${FONT}, sans-serif`

/** Its files, regular and semi-bold. */
export const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)),
)
