import type { RecordedEvent } from '../incident/event.ts'
import { isPerson, person, plain } from '../incident/phrase.ts'
import { timeline } from '../incident/timeline.ts'

/** How long all names together may take: a document with an id in it is better than none. */
const NAMES_WITHIN_MS = 5_000

/**
 * The names of everybody in the log, and of `others` (Slack ids). A person whose name cannot be looked up in time keeps their Slack id; sources have
 * their own names.
 */
export const namesOf = async (
  events: readonly RecordedEvent[],
  nameOf: (slackUserId: string) => Promise<string>,
  others: readonly string[] = [],
): Promise<(actor: string) => string> => {
  const people = new Set([...events.map(({ by }) => by), ...others].filter(isPerson))
  for (const { phrases } of timeline(events))
    for (const phrase of phrases) if ('person' in phrase) people.add(phrase.person)

  const names = new Map<string, string>()
  const requests = [...people].map(async (id) => {
    const name = await nameOf(id)
    if (name.trim()) names.set(id, name.trim())
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, NAMES_WITHIN_MS)
  })
  await Promise.race([Promise.allSettled(requests), late])
  clearTimeout(timer)
  return (actor) => names.get(actor) ?? (isPerson(actor) ? actor : plain([person(actor)]))
}
