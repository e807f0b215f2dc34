import { type ActionItem, actionState } from './action-item.ts'
import type { Incident } from './incident.ts'

/**
 * What a person may do with an item, as sub-commands that work anywhere; at most five, Slack's limit for menus.
 * @param viewer whoever sees the menu; undefined when several people do.
 */
export const actionMenu = (
  { id: incident }: Pick<Incident, 'id'>,
  item: ActionItem,
  viewer?: string,
): { label: string; command: string }[] => {
  const { id, owner } = item
  const entry = (label: string, verb: string) => ({ label, command: `action ${incident} ${verb} ${id}` })
  const state = actionState(item)
  if (state === 'done' || state === 'dropped') return [entry('Reopen', 'reopen'), entry('Edit', 'edit')]
  return [
    entry('Done', 'done'),
    ...(state === 'open' ? [entry('Start', 'start')] : []),
    ...(viewer !== undefined && owner === viewer ? [entry('Snooze for a week', 'snooze')] : [entry('Take it', 'take')]),
    entry('Edit', 'edit'),
    entry('Drop: not needed', 'drop'),
  ]
}
