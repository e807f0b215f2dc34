import { ACTION_STATE_NAMES, type ActionDetails, type ActionItem, actionState, isOverdue } from './action-item.ts'
import type { IncidentEvent } from './event.ts'
import { shorten } from './measure.ts'
import { link, type Phrase, person, say, strong, typed } from './phrase.ts'

/** `preventative, owner @dana, due 2026-12-01, SHOP-12`: an item's details besides its text. */
const detailsOf = ({ owner, kind, due, ticket }: Omit<ActionDetails, 'text'>): Phrase[][] => [
  ...(kind ? [say`${kind}`] : []),
  ...(owner ? [say`owner ${person(owner)}`] : []),
  ...(due ? [say`due ${due}`] : []),
  ...(ticket ? [ticketPhrase(ticket)] : []),
]

const ticketPhrase = (ticket: string): Phrase[] =>
  /^https?:\/\//i.test(ticket) ? [link(ticket, 'ticket')] : [{ text: ticket }]

const joined = (parts: Phrase[][], separator: string): Phrase[] =>
  parts.flatMap((part, i) => (i === 0 ? part : [{ text: separator }, ...part]))

const inBrackets = (details: Omit<ActionDetails, 'text'>): Phrase[] => {
  const parts = detailsOf(details)
  return parts.length > 0 ? say` (${joined(parts, ', ')})` : []
}

/**
 * One item in a list: `2. Alert on it · in progress · owner @dana · due 2026-12-01 (overdue) · SHOP-12`.
 * @param today `2026-11-25`, to mark overdue items; omit where a line stays visible for days.
 */
export const actionLine = (item: ActionItem, today?: string): Phrase[] => {
  const { id, text, owner, kind, due, ticket, message } = item
  const state = actionState(item)
  return joined(
    [
      say`${id}. ${typed(shorten(text, 300))}`,
      ...(state === 'open' ? [] : [say`${strong(ACTION_STATE_NAMES[state])}`]),
      owner ? [person(owner)] : say`no owner`,
      ...(kind ? [say`${kind}`] : []),
      ...(due
        ? [today !== undefined && isOverdue(item, today) ? say`${strong(`overdue, was due ${due}`)}` : say`due ${due}`]
        : []),
      ...(ticket ? [ticketPhrase(ticket)] : []),
      ...(message?.link ? [[link(message.link, 'message')]] : []),
    ],
    ' \u00b7 ',
  )
}

type ActionEvent = Extract<IncidentEvent, { type: `action_${string}` }>

/** What happened to an item. */
export const actionSentence = (event: ActionEvent): Phrase[] | undefined => {
  const who = person(event.by)
  switch (event.type) {
    case 'action_added':
      return say`Action item ${event.id}: ${typed(event.text)}${inBrackets(event)}`
    case 'action_edited':
      return say`${who} changed action item ${event.id}: ${typed(event.text)}${inBrackets(event)}`
    case 'action_done':
      return say`${who} completed action item ${event.id}`
    case 'action_state_changed':
      return say`${who} ${STATE_VERBS[event.state]} action item ${event.id}${event.reason ? say`: ${typed(event.reason)}` : []}`
    case 'action_removed':
      return say`${who} removed action item ${event.id}${event.reason ? say`: ${typed(event.reason)}` : []}`
    case 'action_snoozed':
      return undefined
    default:
      return event satisfies never
  }
}

const STATE_VERBS = { open: 'reopened', in_progress: 'started', dropped: 'dropped' } as const
