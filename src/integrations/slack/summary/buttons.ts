import { isActive } from '../../../incident/status.ts'
import { actions, commandButton } from '../block.ts'
import type { SummarySection } from './section.ts'

/** What can be done in this status. */
export const buttons: SummarySection = ({ status, roles }) => {
  if (isActive(status))
    return [
      actions(
        ...(roles.commander ? [] : [commandButton('Take command', 'claim commander', 'primary')]),
        commandButton('Update', 'update'),
        commandButton('Status', 'status'),
        commandButton('Severity', 'severity'),
        commandButton('Assign', 'assign'),
        commandButton('Evidence', 'evidence'),
        commandButton('Resolve', 'resolve'),
      ),
    ]
  if (status === 'resolved' || status === 'closed')
    return [
      actions(
        commandButton('Postmortem', 'postmortem', 'primary'),
        commandButton('Add action item', 'action'),
        commandButton('Reopen', 'reopen'),
      ),
    ]
  return status === 'cancelled' ? [actions(commandButton('Reopen', 'reopen'))] : []
}
