/**
 * A note that Muster writes ends with the name of what caused it, `(muster INC-42/7/0)`. By it a second attempt finds the
 * first one's note, and the webhook that reports the note is known to tell us nothing new.
 */
export const marked = (text: string, marker: string): string => `${text}\n(muster ${marker})`

/** Does this note carry that marker? */
export const hasMarker = (content: string, marker: string): boolean => content.trimEnd().endsWith(`(muster ${marker})`)

/** Did Muster write this note? */
export const isOwnNote = (content: string | undefined): boolean =>
  content !== undefined && /\(muster [^()\s]+\)\s*$/.test(content)
