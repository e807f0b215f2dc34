import { formatDuration } from '../../../incident/measure.ts'
import type { Page } from '../../../incident/page-state.ts'
import { link, type Phrase, person, say, strong, time, typed } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** How many pages are shown; the timeline has all. */
const PAGES_SHOWN = 5

/** Who was paged, and how they answered: the latest page first. */
export const pages: SummarySection = ({ paging = [], status }) => {
  // Once it is over, only what was never answered or sent still matters here.
  const shown = isActive(status) ? paging : paging.filter(({ state }) => state !== 'ended')
  if (shown.length === 0) return []
  const lines = shown
    .slice(-PAGES_SHOWN)
    .reverse()
    .map((page) => mrkdwn(pageLine(page)))
  return [context(lines.join('\n'))]
}

/** `paged Dana 03:04 · acknowledged 03:06`. */
export const pageLine = (page: Page): Phrase[] => {
  const who = page.responder ? [person(page.responder)] : typed(page.name)
  const sent =
    page.sentAt === undefined
      ? say`paging ${who} since ${time(page.requestedAt)}`
      : say`paged ${page.link ? [link(page.link, page.name)] : who} ${time(page.sentAt)}`
  const level = page.level > 1 ? say` (level ${page.level})` : []
  return [...say`${MARKS[page.state]} `, ...sent, ...level, ...say` \u00b7 `, ...stateOf(page)]
}

const MARKS: Record<Page['state'], string> = {
  requested: ':hourglass_flowing_sand:',
  sent: ':pager:',
  acknowledged: ':white_check_mark:',
  declined: ':no_entry_sign:',
  unanswered: ':rotating_light:',
  failed: ':x:',
  ended: ':white_circle:',
}

const stateOf = ({ name, state, at, sentAt = at, detail, next, stopped }: Page): Phrase[] => {
  switch (state) {
    case 'requested':
      return detail ? say`${strong('not sent yet')}: ${detail}` : say`not sent yet`
    case 'sent':
      return say`no answer yet`
    case 'acknowledged':
      return say`acknowledged ${time(at)}${detail && !name.startsWith(detail) ? ` by ${detail}` : ''}`
    case 'declined':
      return say`${strong('declined')} ${time(at)}`
    case 'unanswered':
      return [
        ...say`${strong(`no answer for ${formatDuration(at - sentAt)}`)}`,
        ...(next ? say`; next: ${typed(next.text)} at ${time(next.at)}` : stopped ? say`; escalation stopped` : []),
      ]
    case 'failed':
      return say`${strong('not sent')}: ${detail ?? 'call them by hand'}`
    case 'ended':
      return say`ended ${time(at)}${detail ? ` (${detail})` : ''}`
    default:
      return state satisfies never
  }
}
