import type { SharedFile } from './files.ts'
import { fromSlack } from './mrkdwn.ts'

/** The text of a message as plain text; one with files only is described by their names. */
export const wordsOf = ({ text = '', files = [] }: { text?: string; files?: readonly SharedFile[] }): string => {
  const names = files.map(({ title, name }) => title || name || 'a file').join(', ')
  return fromSlack(text).trim() || (names ? `shared ${names}` : 'a message without text')
}
