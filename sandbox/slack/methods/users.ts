import { flag, page, required } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import type { Person } from '../people.ts'
import { refuse } from '../refusal.ts'
import { personArgument } from './lookup.ts'

/** Users and user groups. */
export const userMethods: Methods = {
  'users.info': (args, core) => ({ user: personJson(core, personArgument(args, core)) }),

  'users.list': (args, core) => {
    const { items, next } = page([...core.workspace.people.values()], args, 1000, 1000)
    return { members: items.map((person) => personJson(core, person)), response_metadata: { next_cursor: next } }
  },

  'users.lookupByEmail': (args, core) => {
    const email = required(args, 'email').toLowerCase()
    const person = [...core.workspace.people.values()].find((candidate) => candidate.email.toLowerCase() === email)
    if (!person || person.deactivated) return refuse('users_not_found')
    return { user: personJson(core, person) }
  },

  'usergroups.list': (args, { workspace: { groups, team } }) => ({
    usergroups: groups.map(({ id, handle, name, users }) => ({
      id,
      team_id: team.id,
      is_usergroup: true,
      handle,
      name,
      description: '',
      date_delete: 0,
      user_count: users.length,
      ...(flag(args, 'include_users') && { users }),
    })),
  }),

  'usergroups.users.list': (args, { workspace }) => {
    const id = required(args, 'usergroup')
    const group = workspace.groups.find((candidate) => candidate.id === id) ?? refuse('no_such_subteam')
    return { users: group.users }
  },
}

const personJson = ({ workspace, scopes }: Core, person: Person) => {
  const offset = offsetSeconds(person.timezone, workspace.seconds() * 1000)
  return {
    id: person.id,
    team_id: person.team ?? workspace.team.id,
    name: person.name,
    real_name: person.realName,
    deleted: person.deactivated === true,
    is_bot: person.isBot === true,
    is_app_user: false,
    tz: person.timezone,
    tz_label: person.timezone,
    tz_offset: offset,
    updated: 1_760_000_000,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.guest === true,
    is_ultra_restricted: false,
    profile: {
      title: person.title,
      real_name: person.realName,
      display_name: person.name,
      team: workspace.team.id,
      ...(scopes.includes('users:read.email') && person.email && { email: person.email }),
    },
  }
}

const offsetSeconds = (timeZone: string, at: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours, minutes] = name.match(/GMT([+-])(\d\d):(\d\d)/) ?? ['', '+', '0', '0']
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}
