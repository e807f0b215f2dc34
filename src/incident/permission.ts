import { z } from 'zod'

/** What an operator may reserve for user groups. */
export const Permission = z.enum(['pause', 'page', 'close', 'cancel', 'private', 'export', 'severity'])
export type Permission = z.infer<typeof Permission>

/** What Slack knows of a person: one of the workspace's own, a guest in it, or somebody of another organisation (Slack Connect). */
export const Standing = z.enum(['member', 'guest', 'external'])
export type Standing = z.infer<typeof Standing>

/** What each permission allows, in the words of a refusal. */
export const PERMISSION_WORDS: Record<Permission, string> = {
  pause: 'pause or resume automatic incidents and paging',
  page: 'page people',
  close: 'close incidents',
  cancel: 'cancel incidents',
  private: 'make incidents private',
  export: 'get the links to documents',
  severity: 'change the severity',
}

/**
 * Allowed to everybody while Slack does not say who is in the group. Who did it is on the timeline, and a wrong
 * refusal during an incident harms more than a wrong permission. What hides or hands out information stays refused.
 */
export const OPEN_WHEN_UNKNOWN: ReadonlySet<Permission> = new Set(['pause', 'page', 'close', 'cancel', 'severity'])
