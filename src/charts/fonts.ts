import { fileURLToPath } from 'node:url'

/** The one family charts are written in. It ships in a package: a slim container has no fonts of its own. */
export const FONT_FAMILY = 'Inter'

/** Its files, regular and semi-bold. */
export const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)),
)
