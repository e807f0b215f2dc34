import { downsample } from '../../../incident/chart-points.ts'
import type { SnapshotRef } from '../../../incident/event.ts'
import type { ChartSnapshot } from '../../../incident/evidence.ts'
import { shorten } from '../../../incident/measure.ts'
import { link, say } from '../../../incident/phrase.ts'
import { snapshotPhrases } from '../../../incident/timeline.ts'
import { type Block, context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

const SHOWN = 4

const MARKS: Record<SnapshotRef['kind'], string> = {
  chart: ':chart_with_upwards_trend:',
  image: ':frame_with_picture:',
  logs: ':page_facing_up:',
  missing: ':warning:',
}

/** What the latest evidence says, with one chart where the workspace can draw it. */
export const evidence: SummarySection = (incident, { chart }) => {
  if (incident.evidence.length === 0) return []
  const lines = incident.evidence
    .slice(0, SHOWN)
    .map((one) =>
      mrkdwn([
        ...say`${MARKS[one.kind]} ${snapshotPhrases(one)}`,
        ...(one.url ? say` \u00b7 ${link(one.url, 'open')}` : []),
      ]),
    )
  return [...(chart ? nativeChart(chart) : []), context(lines.join('\n'))]
}

/** Slack's own line chart: title at most 50 characters, axis labels 50. */
const nativeChart = (chart: ChartSnapshot): Block[] => {
  const points = downsample(chart)
  if (!points) return []
  return [
    {
      type: 'data_visualization',
      title: shorten(chart.title, 50),
      chart: {
        type: 'line',
        series: points.series,
        axis_config: {
          categories: points.categories,
          x_label: 'UTC',
          ...(chart.unit ? { y_label: shorten(chart.unit, 50) } : {}),
        },
      },
    },
  ]
}
