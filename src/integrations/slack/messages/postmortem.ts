import type { Incident } from '../../../incident/incident.ts'
import { formatDuration } from '../../../incident/measure.ts'
import { spans } from '../../../incident/milestones.ts'
import { link, type Phrase, say, strong, time } from '../../../incident/phrase.ts'
import { pendingReviewers } from '../../../incident/review.ts'
import { peopleList } from '../../../incident/review-words.ts'
import { actions, commandButton, context, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

/** The postmortem: how far it is, its numbers, where to read it, and what to do next. */
export const postmortemMessage = (
  incident: Incident,
  pages: { html: string; markdown: string; json: string } | undefined,
): Message => {
  const numbers = spans(incident.milestones, incident.heldAt).map(
    ({ name, ms }) => `${name.toLowerCase()} ${formatDuration(ms)}`,
  )
  const open = incident.actions.filter(({ done }) => !done).length
  const headline = headlineOf(incident)
  const { review } = incident
  return {
    text: headline,
    blocks: [
      section(
        mrkdwn([
          ...say`:memo: ${incident.drill ? 'Drill: ' : ''}${strong(headline)}`,
          ...(pages
            ? say` ${link(pages.html, 'Read it')} \u00b7 ${link(pages.markdown, 'Markdown')} \u00b7 ${link(pages.json, 'JSON')}`
            : say` \`muster export ${incident.id}\` writes it to a file.`),
        ]),
      ),
      ...(review ? [context(mrkdwn(reviewPhrases(incident)))] : []),
      context(
        mrkdwn(
          say`${[...numbers, `${open} open action ${open === 1 ? 'item' : 'items'}`].join(' \u00b7 ')}. Add what is missing with the buttons, or with /incident note, time and impact: the links always show the latest text.`,
        ),
      ),
      actions(
        commandButton('Edit', 'postmortem', review ? undefined : 'primary'),
        commandButton('Add action item', 'action'),
        ...(incident.actions.length > 0 ? [commandButton('Action items', 'action list')] : []),
        ...(review ? [] : [commandButton('Request a review', 'postmortem review')]),
        ...(review?.state === 'in review'
          ? [commandButton('Approve', 'postmortem approve'), commandButton('Publish', 'postmortem publish', 'primary')]
          : []),
      ),
    ],
  }
}

const headlineOf = ({ id, review }: Incident): string => {
  if (review?.state === 'published') return `The postmortem of ${id} is published.`
  return review ? `The postmortem of ${id} is in review.` : `The postmortem draft of ${id} is ready.`
}

const reviewPhrases = (incident: Incident): Phrase[] => {
  const { review } = incident
  if (!review) return []
  const pending = pendingReviewers(incident)
  return [
    ...say`${review.state === 'published' ? 'Published' : 'In review since'} ${time(review.since)}`,
    ...(review.approved.length > 0 ? say` \u00b7 approved by ${peopleList(review.approved)}` : []),
    ...(pending.length > 0 ? say` \u00b7 waits for ${peopleList(pending)}` : []),
  ]
}
