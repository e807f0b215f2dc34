import { clusterPhrases } from '../../../incident/cluster-fact.ts'
import { labelsOf } from '../../../incident/labels.ts'
import { say } from '../../../incident/phrase.ts'
import { clockIn } from '../../../incident/zone.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

const SHOWN = 4

/** What Kubernetes did around the beginning, each with its time, in the zone of the charts. */
export const cluster: SummarySection = ({ cluster: facts = [] }, { words }) => {
  if (facts.length === 0) return []
  const zone = words.timezone ?? 'UTC'
  const labels = labelsOf(words)
  const lines = facts
    .slice(0, SHOWN)
    .map((fact) => mrkdwn(say`${clockIn(zone).time(fact.since)} ${clusterPhrases(fact, labels)}`))
  const left = facts.length - SHOWN
  const more = left > 0 ? [`and ${left} more on the timeline`] : []
  return [
    context(
      [`:wheel_of_dharma: Kubernetes (${clockIn(zone).name(facts[0]?.since ?? 0)}):`, ...lines, ...more].join('\n'),
    ),
  ]
}
