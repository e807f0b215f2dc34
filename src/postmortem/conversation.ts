import type { ChannelMessage } from '../incident/channel-message.ts'
import type { RecordedEvent } from '../incident/event.ts'
import { shorten } from '../incident/measure.ts'
import { type Phrase, person, say, typed } from '../incident/phrase.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { type Day, daysOf, lineAt, withoutMiddle } from './lines.ts'

/** What people wrote in the incident's channel, oldest first, and what was replied to. */
export type Conversation = {
  messages: ChannelMessage[]
  /** How many earlier messages were not read. */
  earlier: number
  /** The messages that others reply to, by `ts`; those that are gone are absent. */
  parents: ReadonlyMap<string, ChannelMessage>
}

export const NO_CONVERSATION: Conversation = { messages: [], earlier: 0, parents: new Map() }

/** Messages read for one document, the latest. */
const MOST_MESSAGES = 2_000
const LONGEST_MESSAGE = 600
const LONGEST_PARENT = 60
/** After these, people talk about other things. */
const FINAL = new Set(['closed', 'cancelled', 'merged'])

/** Reads the messages of an incident up to its close; after that its documents no longer change with what is written. */
export const readConversation = async (
  store: Pick<Store, 'messages'>,
  id: string,
  events: readonly RecordedEvent[],
): Promise<Conversation> => {
  const latest = events.findLast((event) => event.type === 'status_changed')
  const until = latest?.type === 'status_changed' && FINAL.has(latest.status) ? latest.at : undefined
  const { messages, earlier } = await store.messages.of(id, { until, last: MOST_MESSAGES })
  const parents = new Map(messages.map((message) => [message.ts, message]))
  const unread = Map.groupBy(
    messages.filter(({ thread }) => thread !== undefined && !parents.has(thread)),
    ({ channel }) => channel,
  )
  for (const [channel, replies] of unread) {
    const found = await store.messages.at(channel, [...new Set(replies.flatMap(({ thread }) => thread ?? []))])
    for (const message of found) parents.set(message.ts, message)
  }
  return { messages, earlier, parents }
}

/** The conversation day by day, each message a line; a reply names the message it answers. */
export const conversationDays = (
  { messages, parents }: Conversation,
  clock: Clock,
): { days: Day[]; leftOut: number } => {
  const lines = messages.map(({ at, author, text, thread, editedAt }) => {
    const parent = thread === undefined ? undefined : parents.get(thread)
    const reply: Phrase[] = parent
      ? say` (to ${person(parent.author)}, \u201c${typed(shorten(oneLine(parent.text), LONGEST_PARENT))}\u201d)`
      : say`${thread === undefined ? '' : ' (in a thread)'}`
    const line = say`${person(author)}${reply}: ${typed(shorten(oneLine(text), LONGEST_MESSAGE))}`
    return { ...lineAt(clock, at, line), mark: editedAt === undefined ? null : 'edited' }
  })
  const { lines: shown, leftOut } = withoutMiddle(lines, clock)
  return { days: daysOf(shown, clock), leftOut }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Slack ids of everybody who wrote, or is mentioned. */
export const peopleIn = ({ messages, parents }: Conversation): string[] =>
  [...messages, ...parents.values()].flatMap(({ author, text }) => [
    author,
    ...typed(text).flatMap((phrase) => ('person' in phrase ? [phrase.person] : [])),
  ])
