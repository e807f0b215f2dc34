import { callLink } from '../../../incident/call-link.ts'
import { isActive } from '../../../incident/status.ts'
import { actions, commandButton, linkButton } from '../block.ts'
import type { SummarySection } from './section.ts'

/** What can be done in this status. */
export const buttons: SummarySection = (incident, { words }) => {
  const { status, roles } = incident
  const call = callLink(words.call, incident)
  if (isActive(status))
    return [
      actions(
        ...(call ? [linkButton('Join the call', call)] : []),
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
