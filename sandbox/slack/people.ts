/** A member of the workspace. */
export type Person = {
  id: string
  /** The handle: `dana`. */
  name: string
  realName: string
  title: string
  email: string
  /** IANA zone: `Europe/Berlin`. */
  timezone: string
  isBot?: boolean
  /** Slack: a deactivated account cannot be invited or looked up by e-mail. */
  deactivated?: boolean
  /** A guest account. */
  guest?: boolean
  /** Home workspace of a Slack Connect member. */
  team?: string
}

/** A user group. */
export type UserGroup = { id: string; handle: string; name: string; users: string[] }

/** An initial channel. `members` holds handles; everybody by default. */
export type StartingChannel = { name: string; topic?: string; purpose?: string; members?: string[]; general?: boolean }

/**
 * The staff of a small shop. Chosen to break naive code: several time zones, one with a half-hour offset, a very long
 * name, non-Latin names, two people called Dana, and a deactivated account.
 */
export const staff: Person[] = [
  person('U0DANA0001', 'dana', 'Dana Whitfield', 'Incident commander', 'Europe/Berlin'),
  person('U0ROBIN001', 'robin', 'Robin Okafor', 'On-call engineer, Payments', 'UTC'),
  person('U0MEI00001', 'mei', '林 美玲', 'Staff engineer, Storefront', 'Asia/Tokyo'),
  person('U0PRIYA001', 'priya', 'Priya Raghunathan', 'Team lead, Payments', 'Asia/Kolkata'),
  person('U0SAM00001', 'sam', 'Sam Castellanos', 'Product manager, Checkout', 'America/New_York'),
  person('U0JONAS001', 'jonas', 'Jonas Lindqvist', 'Support lead', 'Europe/Stockholm'),
  person(
    'U0MAXIM001',
    'maximilian.featherstonehaugh',
    'Maximilian Bartholomew Featherstonehaugh-Cholmondeley von und zu Wolkenstein',
    'Principal engineer, Platform and Developer Experience',
    'Europe/London',
  ),
  person('U0OLENA001', 'olena', 'Олена Коваленко', 'On-call engineer, Platform', 'Europe/Kyiv'),
  person('U0DANA0002', 'dana.ruiz', 'Dana Ruiz', 'Database engineer', 'America/Sao_Paulo'),
  { ...person('U0LEFT0001', 'kim', 'Kim Former', 'Left the company', 'UTC'), deactivated: true },
]

export const groups: UserGroup[] = [
  { id: 'S0PAYMENTS', handle: 'payments-oncall', name: 'Payments on-call', users: ['U0ROBIN001', 'U0PRIYA001'] },
  { id: 'S0PLATFORM', handle: 'platform-oncall', name: 'Platform on-call', users: ['U0OLENA001', 'U0MAXIM001'] },
  { id: 'S0INCCOMMS', handle: 'incident-comms', name: 'Incident communications', users: ['U0JONAS001', 'U0SAM00001'] },
]

export const startingChannels: StartingChannel[] = [
  { name: 'general', purpose: 'Company-wide announcements', general: true },
  { name: 'incidents', topic: 'Every incident is announced here', purpose: 'One line per incident' },
  { name: 'engineering', purpose: 'Engineering talk' },
  { name: 'triage', topic: 'Alerts waiting for a decision', purpose: 'Alerts that opened no incident of their own' },
]

function person(id: string, name: string, realName: string, title: string, timezone: string): Person {
  return { id, name, realName, title, email: `${name}@shop.example`, timezone }
}
