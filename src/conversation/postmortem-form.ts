import { z } from 'zod'
import type { Field, Form } from '../incident/form.ts'
import { shorten } from '../incident/measure.ts'
import { PostmortemSection, SECTION_NAMES } from '../incident/postmortem-event.ts'
import { markOfLine, type ProseEdit, type ProseSection } from '../incident/prose.ts'

/** Slack: an input holds at most 3,000 characters; longer text is split across several inputs. */
const INPUT_CHARACTERS = 3_000
/** From this length on, an empty input is added for more text. */
const NEARLY_FULL = 2_400
/**
 * How many lines and new facts of a section the form tracks: Slack limits a form's private metadata to 3,000
 * characters.
 */
const MOST_LINES = 30
const MOST_NEWS = 12
const MARK = 4

/** Metadata the form stores per section: revision, hash of the whole text, hashes of lines and of new facts. */
const Memory = z.partialRecord(PostmortemSection, z.tuple([z.number(), z.string(), z.string(), z.string()]))

/** The prose of a postmortem as a form: every editable section, filled with its current text. */
export const postmortemForm = (id: string, sections: readonly ProseSection[]): Form => ({
  title: `Postmortem ${id}`,
  submit: 'Save',
  fields: sections.flatMap(fieldsOf),
  given: {
    memory: JSON.stringify(
      Object.fromEntries(
        sections.map(({ section, lines, news, revision }) => [
          section,
          [revision, markOfLine(lines.join(' ')), marksOf(lines, MOST_LINES), marksOf(news, MOST_NEWS)],
        ]),
      ),
    ),
  },
})

/** The submitted text, with the version its author started from. */
export const editsOf = (memory: string, values: Readonly<Record<string, unknown>>): ProseEdit[] => {
  const known = Memory.parse(JSON.parse(memory))
  return PostmortemSection.options.flatMap((section) => {
    const began = known[section]
    if (!began) return []
    const [revision, shown, lines, news] = began
    const parts = Object.entries(values).filter(([name]) => name === section || name.startsWith(`${section}~`))
    const text = parts.flatMap(([, value]) => (typeof value === 'string' ? value : [])).join('\n')
    return [{ section, text, from: { revision, shown, lines: marksIn(lines), news: marksIn(news) } }]
  })
}

const fieldsOf = ({ section, lines, news, revision }: ProseSection): Field[] => {
  const texts = chunksOf(lines)
  const last = texts.at(-1) ?? ''
  const room = last.length > NEARLY_FULL ? [...texts, ''] : texts
  const hint =
    news.length > 0
      ? `From the log since it was edited, and beside it in the document until you change this section: ${news.join(' ')}`
      : revision === 0
        ? undefined
        : 'Empty it to have Muster write it again.'
  return (room.length > 0 ? room : ['']).map((text, i, all) => ({
    name: i === 0 ? section : `${section}~${i + 1}`,
    label: i === 0 ? SECTION_NAMES[section] : `${SECTION_NAMES[section]}, continued`,
    kind: 'text' as const,
    optional: true,
    ...(text ? { initial: text } : {}),
    ...(hint && i === all.length - 1 ? { hint: shorten(hint, 1_500) } : {}),
  }))
}

/** Distributes lines over as few inputs as possible; a line too long for one is cut between words. */
const chunksOf = (lines: readonly string[]): string[] => {
  const chunks: string[] = []
  for (const line of lines.flatMap(piecesOf)) {
    const last = chunks.at(-1)
    if (last !== undefined && last.length + 1 + line.length <= INPUT_CHARACTERS)
      chunks[chunks.length - 1] = `${last}\n${line}`
    else chunks.push(line)
  }
  return chunks
}

const piecesOf = (line: string): string[] => {
  if (line.length <= INPUT_CHARACTERS) return [line]
  const space = line.lastIndexOf(' ', INPUT_CHARACTERS)
  const at = space > 0 ? space : INPUT_CHARACTERS
  return [line.slice(0, at), ...piecesOf(line.slice(at).trimStart())]
}

const marksOf = (lines: readonly string[], most: number): string => lines.slice(0, most).map(markOfLine).join('')

const marksIn = (marks: string): string[] => marks.match(new RegExp(`.{${MARK}}`, 'g')) ?? []
