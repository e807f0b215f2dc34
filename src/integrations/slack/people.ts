import type { Memory } from '../../platform/memory.ts'
import { within } from '../../platform/time-limit.ts'
import { refusedWith, type Slack } from './client.ts'

/** Names and zones change rarely; addresses hardly ever. */
const KEEP_MS = 24 * 3_600_000
/** Slack answers `users.info` in about 100 ms; somebody is waiting. */
const AT_ONCE_MS = 700

export type Person = { id: string; name: string; timezone: string; isBot: boolean; email?: string }

/** Who people are, looked up one at a time and kept for a day: the workspace is never listed. */
export const createPeople = ({ slack, memory, now }: { slack: Slack; memory: Memory; now: () => number }) => {
  const kept = async <Value>(key: string, lookUp: () => Promise<Value>): Promise<Value> => {
    const known = await memory.recall(key)
    if (known && now() - known.writtenAt < KEEP_MS) return JSON.parse(known.value) as Value
    const value = await lookUp()
    await memory.remember(key, JSON.stringify(value))
    return value
  }

  /** @throws when Slack does not answer. */
  const person = (id: string): Promise<Person> =>
    kept(`slack:person:${id}`, async () => {
      const { user } = await slack.call<{ user: SlackUser }>('users.info', { user: id })
      return {
        id,
        name: user.real_name || user.profile?.real_name || user.profile?.display_name || user.name || id,
        timezone: user.tz ?? 'UTC',
        isBot: user.is_bot ?? false,
        ...(user.profile?.email ? { email: user.profile.email } : {}),
      }
    })

  return {
    person,

    /**
     * The same for somebody who is waiting for a reply: undefined when Slack does not answer at once. What they typed
     * must be recorded before Slack's own time limit is over.
     */
    personAtOnce: (id: string): Promise<Person | undefined> =>
      within(
        AT_ONCE_MS,
        person(id).catch(() => undefined),
        undefined,
      ),

    /** The Slack id behind an e-mail address; undefined when nobody here has it. */
    byEmail: (email: string): Promise<string | undefined> =>
      kept(`slack:email:${email.toLowerCase()}`, async () => {
        try {
          const { user } = await slack.call<{ user: SlackUser }>('users.lookupByEmail', { email })
          return { id: user.id }
        } catch (error) {
          // Slack spells it in two ways.
          if (refusedWith(error, 'users_not_found', 'user_not_found')) return {}
          throw error
        }
      }).then(({ id }: { id?: string }) => id),
  }
}

export type People = ReturnType<typeof createPeople>

type SlackUser = {
  id: string
  name?: string
  real_name?: string
  tz?: string
  is_bot?: boolean
  profile?: { display_name?: string; real_name?: string; email?: string }
}
