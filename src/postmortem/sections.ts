import { type Phrase, typed } from '../incident/phrase.ts'
import { PostmortemSection } from '../incident/postmortem-event.ts'
import { linesOf, markOfLine, type ProseSection } from '../incident/prose.ts'
import type { Prose } from '../incident/written.ts'
import { rootCauses, trigger } from './causes.ts'
import { detection, resolution } from './ending.ts'
import { impact } from './impact.ts'
import { type Lessons, lessons } from './lessons.ts'
import type { Material } from './material.ts'
import type { Section } from './prose.ts'
import { summary } from './summary.ts'
import { Sentence } from './text.ts'

/** What Muster writes in each section. */
export type Sections = {
  summary: Phrase[][]
  impact: Section
  root_causes: Section
  trigger: Section
  resolution: Section
  detection: Section
  lessons: { well: Lessons; wrong: Lessons; lucky: Lessons }
}

export const sectionsOf = (material: Material): Sections => ({
  summary: summary(material),
  impact: impact(material),
  root_causes: rootCauses(material),
  trigger: trigger(material),
  resolution: resolution(material),
  detection: detection(material),
  lessons: lessons(material),
})

/** Every section that people can write. */
export const editableSections = (material: Material, nameOf: (actor: string) => string): ProseSection[] => {
  const { lessons, summary, ...sections } = sectionsOf(material)
  const withPrompts = ({ recorded, prompts }: Lessons) => [...recorded, ...prompts]
  const facts: Record<PostmortemSection, Phrase[][]> = {
    summary,
    impact: sections.impact.known,
    root_causes: sections.root_causes.known,
    trigger: sections.trigger.known,
    resolution: sections.resolution.known,
    detection: sections.detection.known,
    well: withPrompts(lessons.well),
    wrong: withPrompts(lessons.wrong),
    lucky: withPrompts(lessons.lucky),
  }
  return PostmortemSection.options.map((section) => {
    const prose = material.incident.prose?.[section]
    const lines = facts[section].map((phrases) => named(phrases, nameOf))
    return prose
      ? { section, lines: linesOf(prose.text), news: sinceEdit(prose, lines), revision: prose.revision }
      : { section, lines, news: [], revision: 0 }
  })
}

/** Sentences with people by name, on one line each. */
const named = (phrases: Phrase[], nameOf: (actor: string) => string): string =>
  new Sentence(phrases.map((phrase) => ('person' in phrase ? { text: nameOf(phrase.person) } : phrase))).toString()

/** Which of these sentences from the log an editor has neither seen nor written. */
export const sinceEdit = ({ text, seen }: Prose, facts: readonly string[]): string[] => {
  const known = new Set([...seen, ...linesOf(text).map(markOfLine)])
  return facts.filter((fact) => !known.has(markOfLine(fact)))
}

/** What people wrote, a sentence or paragraph each; their mentions become names. */
export const writtenLines = ({ text }: Prose): Phrase[][] => linesOf(text).map(typed)

/** A sentence from the log beside what people wrote. */
export const asNews = (phrases: Phrase[]): Phrase[] => [{ text: 'From the log since this was edited: ' }, ...phrases]
