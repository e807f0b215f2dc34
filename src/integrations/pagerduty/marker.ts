/**
 * A note that Muster writes ends with the name of its cause, `(muster INC-42/7)`. A second attempt finds the first one's
 * note by it, and the webhook that reports the note is recognised as ours.
 */
export const marked = (text: string, marker: string): string => `${text}\n(muster ${marker})`

/** Does this note carry that marker? */
export const hasMarker = (content: string, marker: string): boolean => content.trimEnd().endsWith(`(muster ${marker})`)

/** Did Muster write this note? */
export const isOwnNote = (content: string | undefined): boolean =>
  content !== undefined && /\(muster [^()\s]+\)\s*$/.test(content)
