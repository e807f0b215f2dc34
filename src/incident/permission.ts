import { z } from 'zod'

/** Actions that an operator may reserve for user groups. */
export const Permission = z.enum(['pause', 'page', 'close', 'cancel', 'private', 'export', 'edit', 'severity'])
export type Permission = z.infer<typeof Permission>

/**
 * A person's kind in Slack: a member of the workspace, a guest in it, or somebody of another organisation (Slack
 * Connect).
 */
export const Standing = z.enum(['member', 'guest', 'external'])
export type Standing = z.infer<typeof Standing>

/** What each permission allows, as worded in a refusal. */
export const PERMISSION_WORDS: Record<Permission, string> = {
  pause: 'pause or resume automatic incidents and paging',
  page: 'page people',
  close: 'close incidents',
  cancel: 'cancel incidents',
  private: 'make incidents private',
  export: 'get the links to documents',
  edit: 'edit postmortems',
  severity: 'change the severity',
}

/**
 * Allowed to everybody while Slack does not return the group's members. The timeline shows who did it, and a wrong
 * refusal during an incident is worse than a wrong permission. Actions that hide or disclose information stay refused.
 */
export const OPEN_WHEN_UNKNOWN: ReadonlySet<Permission> = new Set([
  'pause',
  'page',
  'close',
  'cancel',
  'edit',
  'severity',
])
