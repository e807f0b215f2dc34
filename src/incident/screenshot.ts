import type { Alert } from './alert.ts'
import { shorten } from './measure.ts'

/** How a picture of an alert is called; a picture of this name is kept once per incident. */
export const screenshotTitle = ({ title }: Pick<Alert, 'title'>): string => `Screenshot: ${shorten(title, 150)}`

/** Pictures of so many alerts are kept per look: those of a storm show the same panel again and again. */
export const MOST_SCREENSHOTS = 3
