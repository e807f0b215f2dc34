import { Standing } from '../../incident/permission.ts'
import type { Memory } from '../../platform/memory.ts'
import { within } from '../../platform/time-limit.ts'
import { refusedWith, type Slack } from './client.ts'

/** Names and zones change rarely; addresses hardly ever. */
const KEEP_MS = 24 * 3_600_000
/** Slack answers `users.info` in about 100 ms; a person is waiting. */
const AT_ONCE_MS = 700

export type Person = {
  id: string
  name: string
  timezone: string
  isBot: boolean
  email?: string
  /** Absent from what an earlier version stored. */
  standing?: Standing
}

/** Names of people, looked up one at a time and cached for a day: the workspace is never listed. */
export const createPeople = ({ slack, memory, now }: { slack: Slack; memory: Memory; now: () => number }) => {
  const kept = async <Value>(
    key: string,
    lookUp: () => Promise<Value>,
    isComplete: (value: Value) => boolean = () => true,
  ): Promise<Value> => {
    const known = await memory.recall(key)
    if (known && now() - known.writtenAt < KEEP_MS) {
      const value = JSON.parse(known.value) as Value
      if (isComplete(value)) return value
    }
    const value = await lookUp()
    await memory.remember(key, JSON.stringify(value))
    return value
  }

  /** Our own workspace; undefined when Slack does not say. */
  const ownTeam = (signal?: AbortSignal): Promise<string | undefined> =>
    kept('slack:team', async () => (await slack.call<{ team_id: string }>('auth.test', {}, signal)).team_id).catch(
      () => undefined,
    )

  const lookUp = async (id: string, signal?: AbortSignal): Promise<Person> => {
    const { user } = await slack.call<{ user: SlackUser }>('users.info', { user: id }, signal)
    return {
      id,
      name: user.real_name || user.profile?.real_name || user.profile?.display_name || user.name || id,
      timezone: user.tz ?? 'UTC',
      isBot: user.is_bot ?? false,
      standing: standingIn(user, await ownTeam(signal)),
      ...(user.profile?.email ? { email: user.profile.email } : {}),
    }
  }

  /** @throws when Slack does not answer. */
  const person = (id: string, signal?: AbortSignal): Promise<Person> =>
    kept<Person>(
      `slack:person:${id}`,
      () => lookUp(id, signal),
      ({ standing }) => standing !== undefined,
    )

  return {
    person,

    /**
     * The same for a person waiting for a reply: undefined when Slack does not respond at once. Their input must be
     * recorded before Slack's own timeout.
     */
    personAtOnce: (id: string): Promise<Person | undefined> =>
      within(
        AT_ONCE_MS,
        person(id).catch(() => undefined),
        undefined,
      ),

    /** What is known of somebody without a call to Slack, however old; a refresh starts in the background. */
    standingKnown: async (id: string): Promise<Standing | undefined> => {
      const known = await memory.recall(`slack:person:${id}`)
      person(id).catch(() => {})
      return known && Standing.safeParse((JSON.parse(known.value) as Person).standing).data
    },

    /** The Slack id for an e-mail address; undefined when nobody here has it. */
    byEmail: (email: string, signal?: AbortSignal): Promise<string | undefined> =>
      kept(`slack:email:${email.toLowerCase()}`, async () => {
        try {
          const { user } = await slack.call<{ user: SlackUser }>('users.lookupByEmail', { email }, signal)
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

/**
 * Slack: guests are `is_restricted`, with one channel only `is_ultra_restricted`. People of other organisations carry
 * their own `team_id`; in an Enterprise Grid so do members, who name all their workspaces in `enterprise_user`.
 */
const standingIn = (user: SlackUser, ownTeam: string | undefined): Standing => {
  if (user.is_restricted || user.is_ultra_restricted) return 'guest'
  const isElsewhere = user.team_id !== undefined && ownTeam !== undefined && user.team_id !== ownTeam
  if (user.is_stranger || (isElsewhere && !user.enterprise_user?.teams?.includes(ownTeam))) return 'external'
  return 'member'
}

type SlackUser = {
  id: string
  team_id?: string
  is_restricted?: boolean
  is_ultra_restricted?: boolean
  is_stranger?: boolean
  enterprise_user?: { teams?: string[] }
  name?: string
  real_name?: string
  tz?: string
  is_bot?: boolean
  profile?: { display_name?: string; real_name?: string; email?: string }
}
