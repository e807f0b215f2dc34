import { Refusal } from '../incident/errors.ts'
import { OPEN_WHEN_UNKNOWN, PERMISSION_WORDS, type Permission, type Standing } from '../incident/permission.ts'

export type PermissionRules = {
  /** Whether guests and people of other organisations may act, or only watch. */
  guests: 'watch' | 'act'
} & Partial<Record<Permission, readonly string[]>>

export type PermissionsOptions = {
  rules: PermissionRules
  /** What is known of a person without a Slack call; an unknown person is looked up in the background. */
  knownStanding(person: string): Promise<Standing | undefined>
  /** The same, querying Slack with a short time limit. */
  standing(person: string): Promise<Standing | undefined>
  /** The members of a user group; undefined when Slack has never returned them. */
  groupMembers(group: string): Promise<readonly string[] | undefined>
}

/** The permission a command requires: everybody has `watch`. */
export type Wanted = Permission | 'act' | 'watch'

/** How many people of a group a refusal names. */
const NAMED = 3

/**
 * Authorises people. Without rules no command waits for Slack: guests are known from earlier look-ups. With rules a
 * command may wait for two look-ups, each limited to less than a second.
 */
export const createPermissions = ({ rules, knownStanding, standing, groupMembers }: PermissionsOptions) => {
  const { guests, ...reserved } = rules
  const isConfigured = Object.keys(reserved).length > 0
  const isOutsider = async (person: string): Promise<boolean> => {
    if (guests === 'act') return false
    const known = await (isConfigured ? standing(person) : knownStanding(person))
    return known === 'guest' || known === 'external'
  }

  /** @throws Refusal that names who can help. */
  const refuseUnlessInGroup = async (permission: Permission, allowed: readonly string[], person: string) => {
    if (allowed.includes(person)) return
    const groups = allowed.filter((one) => one.startsWith('S'))
    const members = await Promise.all(groups.map(groupMembers))
    if (members.some((list) => list?.includes(person))) return
    if (members.includes(undefined)) {
      if (OPEN_WHEN_UNKNOWN.has(permission)) return
      throw new Refusal(
        `Slack does not say at the moment who may ${PERMISSION_WORDS[permission]}, so nobody else may. Try again in a minute.`,
      )
    }
    const able = [...allowed.filter((one) => !one.startsWith('S')), ...members.flatMap((list) => list ?? [])]
    const names = [...new Set(able)].slice(0, NAMED).map((id) => `<@${id}>`)
    throw new Refusal(
      `Only some people may ${PERMISSION_WORDS[permission]} here. ${names.length > 0 ? `Ask ${orList(names)}.` : 'Ask whoever runs Muster: the list in `permissions:` of muster.yaml is empty.'}`,
    )
  }

  return {
    /** Whether somebody may act at all, for actions without a reply: reactions and pins. */
    mayAct: async (person: string): Promise<boolean> => !(await isOutsider(person)),

    /** @throws Refusal when this person is not allowed; the message names whom to contact. */
    check: async (wanted: Wanted, person: string): Promise<void> => {
      if (wanted === 'watch') return
      if (await isOutsider(person))
        throw new Refusal(
          'Guests and people of other organisations can follow incidents here (`/incident list`, `/incident timeline`), but not act on them. Ask somebody of this workspace who is in the channel to do it.',
        )
      const allowed = wanted === 'act' ? undefined : reserved[wanted]
      if (allowed) await refuseUnlessInGroup(wanted as Permission, allowed, person)
    },
  }
}

export type Permissions = ReturnType<typeof createPermissions>

const orList = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
