import type { Decision } from './decide.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { KeptMessage } from './kept-event.ts'
import type { MessagePlace } from './place.ts'

/** More than anybody pins; beyond that the oldest no longer follow edits of their messages. */
const MOST_KEPT = 200
/** A mark recorded by an earlier version without its kind. */
const UNKNOWN = 'unknown'

/** A pin belongs to the channel, a reaction to its person. */
const nameOf = (by: string, mark: string | undefined): string =>
  mark === undefined ? UNKNOWN : mark === 'pin' ? mark : `${by} ${mark}`

export const keptAt = ({ kept = [] }: Incident, { channel, ts }: MessagePlace): KeptMessage | undefined =>
  kept.find((one) => one.ts === ts && one.channel === channel)

type KeptEvent = Extract<
  IncidentEvent,
  { type: 'message_marked' | 'message_unmarked' | 'noted' | 'entry_removed' | 'entry_restored' }
>

/** The kept messages after an event about one of them or about a timeline entry. */
export const withKept = (incident: Incident, event: KeptEvent): Incident => {
  const change = (isIt: (one: KeptMessage) => boolean, to: (one: KeptMessage) => KeptMessage): Incident =>
    incident.kept?.some(isIt)
      ? { ...incident, kept: incident.kept.map((one) => (isIt(one) ? to(one) : one)) }
      : incident
  const isAt =
    ({ channel, ts }: MessagePlace) =>
    (one: KeptMessage) =>
      one.ts === ts && one.channel === channel
  switch (event.type) {
    case 'message_marked': {
      const { message, source, by, mark } = event
      const marks = [nameOf(by, mark)]
      const declaredFrom: Incident = source ? { ...incident, source: { ...message, ...source } } : incident
      const known = keptAt(incident, message)
      return known
        ? change(isAt(message), (one) => ({ ...one, marks: [...new Set([...one.marks, ...marks])] }))
        : { ...declaredFrom, kept: [...(incident.kept ?? []), { ...message, marks }].slice(-MOST_KEPT) }
    }
    case 'message_unmarked': {
      const gone = nameOf(event.by, event.mark)
      return change(isAt(event.message), (one) => ({
        ...one,
        marks: one.marks.filter((mark) => mark !== gone && mark !== UNKNOWN),
      }))
    }
    case 'noted':
      return event.message ? change(isAt(event.message), (one) => ({ ...one, entry: incident.version })) : incident
    case 'entry_removed':
      return change(
        ({ entry }) => entry === event.entry,
        (one) => ({ ...one, removed: true }),
      )
    case 'entry_restored':
      return change(
        ({ entry }) => entry === event.entry,
        ({ removed, ...one }) => one,
      )
    default:
      return event satisfies never
  }
}

/** Marks a message for the timeline. Its text may follow later: marking must not wait for Slack. */
export const markMessage: Decision<{
  message: MessagePlace
  mark: string
  text?: string | undefined
  author?: string | undefined
  link?: string | undefined
}> = (incident, { message, mark, text, author, link }, act) => {
  const known = keptAt(incident, message)
  if (known?.marks.includes(nameOf(act.by, mark))) return []
  const marked = { ...act, type: 'message_marked' as const, message, mark }
  if (known?.entry !== undefined)
    return [marked, ...(known.removed ? [{ ...act, type: 'entry_restored' as const, entry: known.entry }] : [])]
  return [{ ...marked, ...(text ? { text } : {}), ...(author ? { author } : {}), ...(link ? { link } : {}) }]
}

/** Removes a mark; with the last one the message's entry leaves the timeline, and stays in its history. */
export const unmarkMessage: Decision<{ message: MessagePlace; mark: string }> = (incident, { message, mark }, act) => {
  const known = keptAt(incident, message)
  const gone = nameOf(act.by, mark)
  if (!known?.marks.some((one) => one === gone || one === UNKNOWN)) return []
  const isLast = known.marks.every((one) => one === gone || one === UNKNOWN)
  const takenOff = isLast && known.entry !== undefined && !known.removed
  return [
    { ...act, type: 'message_unmarked', message, mark },
    ...(takenOff ? [{ ...act, type: 'entry_removed' as const, entry: known.entry as number, reason: 'unmarked' }] : []),
  ]
}

/** Its author edited it. */
export const followEdit: Decision<{ message: MessagePlace; text: string }> = (incident, { message, text }, act) => {
  const { entry } = keptAt(incident, message) ?? {}
  return entry === undefined || !text.trim() ? [] : [{ ...act, type: 'entry_edited', entry, text }]
}

/** Its author deleted it. */
export const followDeletion: Decision<{ message: MessagePlace }> = (incident, { message }, act) => {
  const { entry, removed } = keptAt(incident, message) ?? {}
  return entry === undefined || removed
    ? []
    : [{ ...act, type: 'entry_removed', entry, reason: 'the message was deleted in Slack' }]
}
