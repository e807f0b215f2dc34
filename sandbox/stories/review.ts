import { types } from './person-actions.ts'
import { at, type Step } from './story.ts'

/** Postmortem fields that only a person can fill in, each with a note of that kind. */
type Finding =
  | 'summary'
  | 'impact'
  | 'root cause'
  | 'trigger'
  | 'resolution'
  | 'detection'
  | 'went well'
  | 'went wrong'
  | 'lucky'

/** Story time between two notes. */
const typingMs = 2_000

/** A person writes the findings of the review as notes, one after the other, starting at `atMs`. */
export const review = (atMs: number, who: string, findings: readonly (readonly [Finding, string])[]): Step[] =>
  findings.map(([finding, text], i) =>
    at(atMs + i * typingMs, `Postmortem note, ${finding}: ${text}`, types(who, `note ${finding}: ${text}`)),
  )
