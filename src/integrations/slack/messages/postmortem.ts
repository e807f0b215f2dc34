import type { Incident } from '../../../incident/incident.ts'
import { formatDuration } from '../../../incident/measure.ts'
import { spans } from '../../../incident/milestones.ts'
import { link, say, strong } from '../../../incident/phrase.ts'
import { actions, commandButton, context, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

/** The draft is ready: its numbers and where to read it. */
export const postmortemMessage = (
  incident: Incident,
  pages: { html: string; markdown: string; json: string } | undefined,
): Message => {
  const numbers = spans(incident.milestones).map(({ name, ms }) => `${name.toLowerCase()} ${formatDuration(ms)}`)
  const open = incident.actions.filter(({ done }) => !done).length
  return {
    text: `The postmortem draft of ${incident.id} is ready.`,
    blocks: [
      section(
        mrkdwn([
          ...say`:memo: ${incident.drill ? 'Drill: ' : ''}${strong(`The postmortem draft of ${incident.id} is ready.`)}`,
          ...(pages
            ? say` ${link(pages.html, 'Read it')} \u00b7 ${link(pages.markdown, 'Markdown')} \u00b7 ${link(pages.json, 'JSON')}`
            : say` \`muster export ${incident.id}\` writes it to a file.`),
        ]),
      ),
      context(
        mrkdwn(
          say`Version ${incident.drafts}${numbers.length > 0 ? ` \u00b7 ${numbers.join(' \u00b7 ')}` : ''} \u00b7 ${open} open action ${open === 1 ? 'item' : 'items'}. What is missing can still be added with /incident note, time, impact and action; /incident postmortem writes it again.`,
        ),
      ),
      actions(
        commandButton('Add action item', 'action'),
        ...(incident.actions.length > 0 ? [commandButton('Action items', 'action list')] : []),
        commandButton('Write it again', 'postmortem'),
      ),
    ],
  }
}
