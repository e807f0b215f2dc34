import type { Memory } from '../../platform/memory.ts'
import { within } from '../../platform/time-limit.ts'
import type { Slack } from './client.ts'

/** Who is on a rota changes daily; ten minutes keep most commands from waiting for Slack. */
const KEEP_MS = 10 * 60_000
/** Somebody is waiting for a reply. */
const AT_ONCE_MS = 700

/** Who is in a user group, kept for a while. */
export const createGroups = ({ slack, memory, now }: { slack: Slack; memory: Memory; now: () => number }) => {
  const keyOf = (group: string) => `slack:group:${group}`

  /** @throws when Slack does not answer, or does not know the group. */
  const look = async (group: string, signal?: AbortSignal): Promise<readonly string[]> => {
    const which = { usergroup: group }
    const { users = [] } = await slack.call<{ users?: string[] }>('usergroups.users.list', which, signal)
    await memory.remember(keyOf(group), JSON.stringify(users))
    return users
  }

  return {
    look,

    /**
     * For callers with a person waiting: the last known members when Slack does not respond at once, undefined when it
     * never did.
     * @param group its id, `S...`
     */
    membersAtOnce: async (group: string): Promise<readonly string[] | undefined> => {
      const known = await memory.recall(keyOf(group))
      const before = known && (JSON.parse(known.value) as string[])
      if (known && now() - known.writtenAt < KEEP_MS) return before
      return within(
        AT_ONCE_MS,
        look(group).catch(() => before),
        before,
      )
    },
  }
}

export type Groups = ReturnType<typeof createGroups>
