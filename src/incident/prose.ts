import { createHash } from 'node:crypto'
import type { Decision } from './decide.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { PostmortemSection } from './postmortem-event.ts'
import { refuseUnlessOver } from './review.ts'

/** A section as shown before editing. */
export type ProseSection = {
  section: PostmortemSection
  /** One sentence or paragraph each: the text by people, or else the generated one. */
  lines: string[]
  /** Facts from the log since its last edit that it does not contain. */
  news: string[]
  /** The number of the event that wrote it; 0 for generated text. */
  revision: number
}

/** An edit of a section, and the version its author started from. */
export type ProseEdit = {
  section: PostmortemSection
  text: string
  /** The revision that was shown (0 for generated text), and hashes of it, its lines, and the facts shown beside it. */
  from: { revision: number; shown: string; lines: string[]; news: string[] }
}

type Edited = Extract<IncidentEvent, { type: 'postmortem_edited' }>

/** A short hash of a line, ignoring white space: 24 bits suffice for the lines of one section. */
export const markOfLine = (line: string): string =>
  createHash('sha256').update(line.replace(/\s+/g, ' ').trim()).digest('base64url').slice(0, 4)

/** The lines of a section as typed, without bullets and empty ones. */
export const linesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => line.replace(/^\s*[-*\u2022]\s+/, '').trim() || [])

/** Folds edits into the edited sections. */
export const withProse = (incident: Incident, event: IncidentEvent): Incident => {
  if (event.type !== 'postmortem_edited') return incident
  const prose = { ...incident.prose }
  for (const { section, text, seen } of event.edits)
    if (text === '') delete prose[section]
    else prose[section] = { text, seen, revision: incident.version, by: event.by, at: event.at }
  // Drops the member when nothing is left of it.
  const { prose: _before, ...others } = incident
  return Object.keys(prose).length > 0 ? { ...others, prose } : others
}

/**
 * Saves sections. On a concurrent edit no text is lost: the other person's text stays, followed by the lines that this
 * person added or changed.
 */
export const editPostmortem: Decision<{ edits: ProseEdit[] }> = (incident, { edits }, act) => {
  refuseUnlessOver(incident)
  const changed = edits.flatMap((edit) => changeOf(incident, edit))
  return changed.length > 0 ? [{ ...act, type: 'postmortem_edited', edits: changed }] : []
}

const changeOf = (incident: Incident, { section, text, from }: ProseEdit): Edited['edits'] => {
  const now = incident.prose?.[section]
  const mine = linesOf(text)
  // Unchanged as shown: viewing generated text does not freeze it.
  if (markOfLine(mine.join(' ')) === from.shown) return []
  const seen = [...new Set([...(now?.seen ?? from.lines), ...from.news])]
  if (from.revision === (now?.revision ?? 0))
    return mine.length > 0 || now ? [{ section, text: mine.join('\n'), seen }] : []
  const theirs = linesOf(now?.text ?? '')
  const known = new Set([...theirs.map(markOfLine), ...from.lines])
  const added = mine.filter((line) => !known.has(markOfLine(line)))
  return added.length > 0 ? [{ section, text: [...theirs, ...added].join('\n'), seen, merged: true }] : []
}
