import { createHash } from 'node:crypto'
import type { Decision } from './decide.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { PostmortemSection } from './postmortem-event.ts'
import { refuseUnlessOver } from './review.ts'

/** A section as people see it before they write. */
export type ProseSection = {
  section: PostmortemSection
  /** One sentence or paragraph each: what people wrote, or else what Muster writes. */
  lines: string[]
  /** What the log says since it was edited, and is not in it. */
  news: string[]
  /** The number of the event that wrote it; 0 for Muster's own text. */
  revision: number
}

/** An edit of a section, and what its author began from. */
export type ProseEdit = {
  section: PostmortemSection
  text: string
  /** The revision that was shown (0 for Muster's own text), and marks of it, its lines, and what the log said beside it. */
  from: { revision: number; shown: string; lines: string[]; news: string[] }
}

type Edited = Extract<IncidentEvent, { type: 'postmortem_edited' }>

/** A short name for a line, the same whatever its spaces: 24 bits tell the lines of one section apart. */
export const markOfLine = (line: string): string =>
  createHash('sha256').update(line.replace(/\s+/g, ' ').trim()).digest('base64url').slice(0, 4)

/** The lines of a section as people type them, without bullets and empty ones. */
export const linesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => line.replace(/^\s*[-*\u2022]\s+/, '').trim() || [])

/** Folds edits into the sections that people wrote. */
export const withProse = (incident: Incident, event: IncidentEvent): Incident => {
  if (event.type !== 'postmortem_edited') return incident
  const prose = { ...incident.prose }
  for (const { section, text, seen } of event.edits)
    if (text === '') delete prose[section]
    else prose[section] = { text, seen, revision: incident.version, by: event.by, at: event.at }
  // Without the member when nothing is left of it.
  const { prose: _before, ...others } = incident
  return Object.keys(prose).length > 0 ? { ...others, prose } : others
}

/**
 * Writes sections. Where somebody else was faster, nobody's words are lost: their text stays, followed by the lines that
 * this person added or changed.
 */
export const editPostmortem: Decision<{ edits: ProseEdit[] }> = (incident, { edits }, act) => {
  refuseUnlessOver(incident)
  const changed = edits.flatMap((edit) => changeOf(incident, edit))
  return changed.length > 0 ? [{ ...act, type: 'postmortem_edited', edits: changed }] : []
}

const changeOf = (incident: Incident, { section, text, from }: ProseEdit): Edited['edits'] => {
  const now = incident.prose?.[section]
  const mine = linesOf(text)
  // Left as it was shown: Muster's text is not frozen by looking at it.
  if (markOfLine(mine.join(' ')) === from.shown) return []
  const seen = [...new Set([...(now?.seen ?? from.lines), ...from.news])]
  if (from.revision === (now?.revision ?? 0))
    return mine.length > 0 || now ? [{ section, text: mine.join('\n'), seen }] : []
  const theirs = linesOf(now?.text ?? '')
  const known = new Set([...theirs.map(markOfLine), ...from.lines])
  const added = mine.filter((line) => !known.has(markOfLine(line)))
  return added.length > 0 ? [{ section, text: [...theirs, ...added].join('\n'), seen, merged: true }] : []
}
