import { isNode, LineCounter, parseDocument } from 'yaml'
import { type Misplaced, misplaced } from './mistakes.ts'
import { MusterFile } from './muster-file.ts'
import { unknownNames } from './unknown-names.ts'

/** One mistake in the file: where, and what to do about it. */
export type Mistake = { line: number | undefined; path: string; message: string }

/** Reads the text of a muster.yaml; all mistakes at once, each with its line. */
export const readMusterFile = (text: string): { file: MusterFile } | { mistakes: Mistake[] } => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    return {
      mistakes: document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        path: '',
        message: error.message,
      })),
    }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  const mistakeAt = ({ path, message }: Misplaced): Mistake => ({
    line: lineOf(path),
    path: path.map(String).join('.'),
    message,
  })
  const result = MusterFile.safeParse(document.toJS() ?? {}, { reportInput: true })
  const mistakes = result.success
    ? unknownNames(result.data)
    : result.error.issues.flatMap((issue) => misplaced(issue, MusterFile))
  return result.success && mistakes.length === 0 ? { file: result.data } : { mistakes: mistakes.map(mistakeAt) }
}
