import type { ChangeRelation } from '../../../incident/change.ts'
import { formatDuration, shorten } from '../../../incident/measure.ts'
import { link, say, strong } from '../../../incident/phrase.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

const SHOWN = 3

/** Why a change stands out. */
const RELATIONS: Record<ChangeRelation, string> = { alerting: 'which alerts', upstream: 'which it depends on' }

/** Recent deploys and changes: related services first, then those before the start, each nearest to it first. */
export const changes: SummarySection = ({ changes: recent, milestones, declaredAt }) => {
  if (recent.length === 0) return []
  const began = milestones.impact_started?.at ?? declaredAt
  const rank = ({ relation, at }: (typeof recent)[number]) => (relation ? 0 : 2) + (at <= began ? 0 : 1)
  const lines = recent
    .toSorted((a, b) => rank(a) - rank(b) || Math.abs(began - a.at) - Math.abs(began - b.at))
    .slice(0, SHOWN)
    .map(({ title, url, at, service, by, relation }) =>
      mrkdwn([
        ...(url ? say`${link(url, shorten(title, 120))}` : say`${shorten(title, 120)}`),
        ...(service ? say` \u00b7 ${relation ? strong(`${service}, ${RELATIONS[relation]}`) : { text: service }}` : []),
        ...(by ? say` by ${by}` : []),
        ...say` \u00b7 ${formatDuration(Math.abs(began - at))} ${at <= began ? 'before' : 'after'} it began`,
      ]),
    )
  return [context(`:package: Recent changes:\n${lines.join('\n')}`)]
}
