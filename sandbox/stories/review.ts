import { types } from './person-actions.ts'
import { at, type Step } from './story.ts'

/** What the postmortem cannot know unless somebody says it; each becomes a note of that kind. */
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

/** Between two notes. */
const typingMs = 2_000

/** Somebody writes down what was learned, a note after the other, from `atMs` on. */
export const review = (atMs: number, who: string, findings: readonly (readonly [Finding, string])[]): Step[] =>
  findings.map(([finding, text], i) =>
    at(atMs + i * typingMs, `For the postmortem, ${finding}: ${text}`, types(who, `note ${finding}: ${text}`)),
  )
