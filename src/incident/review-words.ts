import type { IncidentEvent } from './event.ts'
import { link, type Phrase, person, say, typed } from './phrase.ts'
import { PLACE_NAMES, SECTION_NAMES } from './postmortem-event.ts'

/** A postmortem event as text for the timeline and the channel. */
export const postmortemSentence = (
  event: Extract<IncidentEvent, { type: 'postmortem_edited' | 'postmortem_reviewed' | 'postmortem_exported' }>,
): Phrase[] => {
  const who = person(event.by)
  if (event.type === 'postmortem_exported')
    return say`The postmortem is in ${event.url ? link(event.url, PLACE_NAMES[event.to]) : PLACE_NAMES[event.to]}`
  if (event.type === 'postmortem_edited') {
    const names = event.edits.map(({ section }) => SECTION_NAMES[section]).join(', ')
    return say`${who} edited the postmortem: ${names}`
  }
  return [...stepPhrases(event), ...(event.text ? say`: ${typed(event.text)}` : [])]
}

const stepPhrases = ({
  by,
  step,
  reviewers = [],
}: Extract<IncidentEvent, { type: 'postmortem_reviewed' }>): Phrase[] => {
  const who = person(by)
  switch (step) {
    case 'requested':
      return [...say`${who} requested a review of the postmortem from `, ...peopleList(reviewers)]
    case 'approved':
      return say`${who} approved the postmortem`
    case 'published':
      return say`${who} published the postmortem`
    case 'reopened':
      return say`${who} made the postmortem a draft again`
    default:
      return step satisfies never
  }
}

/** `@dana`, `@dana and @lee`, `@dana, @lee and @mei`. */
export const peopleList = (ids: readonly string[]): Phrase[] =>
  ids.flatMap((id, i) => [...(i === 0 ? [] : say`${i === ids.length - 1 ? ' and ' : ', '}`), ...say`${person(id)}`])
