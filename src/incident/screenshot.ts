import type { Alert } from './alert.ts'
import { shorten } from './measure.ts'

/** The title of an alert's image; an image with this title is stored once per incident. */
export const screenshotTitle = ({ title }: Pick<Alert, 'title'>): string => `Screenshot: ${shorten(title, 150)}`

/** Images of this many alerts are stored per collection: those of a storm show the same panel repeatedly. */
export const MOST_SCREENSHOTS = 3
