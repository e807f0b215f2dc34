import { downsample } from '../../../incident/chart-points.ts'
import type { SnapshotRef, UsualSignals } from '../../../incident/event.ts'
import type { ChartSnapshot } from '../../../incident/evidence.ts'
import { shorten } from '../../../incident/measure.ts'
import { link, type Phrase, say } from '../../../incident/phrase.ts'
import { snapshotPhrases } from '../../../incident/sentence.ts'
import { clockIn } from '../../../incident/zone.ts'
import { type Block, context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

const SHOWN = 5
const ALSO_NAMED = 6
const SERVICES_NAMED = 4
/** Beyond this many titles of one service, only their number is shown. */
const TITLES_NAMED = 3

const MARKS: Record<SnapshotRef['kind'], string> = {
  chart: ':chart_with_upwards_trend:',
  image: ':frame_with_picture:',
  logs: ':page_facing_up:',
  call_graph: ':spider_web:',
  missing: ':warning:',
}

/** The latest evidence: what is unusual with its numbers, what is usual in one line, and its time. */
export const evidence: SummarySection = (incident, { chart, words }) => {
  const { evidence: refs, usual = [] } = incident
  if (refs.length === 0 && usual.length === 0) return []
  const zone = words.timezone ?? 'UTC'
  const shown = refs.filter(({ standing }) => standing === undefined).slice(0, SHOWN)
  const also = refs.filter(({ standing }) => standing === 'also')
  const lines = [
    ...shown.map((one) => [
      ...say`${MARKS[one.kind]} ${snapshotPhrases(one, zone)}`,
      ...(one.url ? say` \u00b7 ${link(one.url, 'open')}` : []),
    ]),
    ...(also.length > 0 ? [alsoLine(also)] : []),
    ...(usual.length > 0 ? [usualLine(usual)] : []),
    ...(incident.evidenceAt === undefined ? [] : [asOf(incident.evidenceAt, zone)]),
  ]
  return [...(chart ? nativeChart(chart, zone) : []), ...inContexts(lines.map(mrkdwn))]
}

/** Slack: 2,000 characters in a context block; the addresses of five graphs may need more, and a line is never cut. */
const CONTEXT_CHARACTERS = 2_000

const inContexts = (lines: readonly string[]): Block[] => {
  const texts: string[] = []
  for (const line of lines) {
    const together = `${texts.at(-1) ?? ''}\n${line}`
    if (texts.length > 0 && together.length <= CONTEXT_CHARACTERS) texts[texts.length - 1] = together
    else texts.push(line)
  }
  return texts.map((text) => context(text))
}

const alsoLine = (also: SnapshotRef[]): Phrase[] =>
  say`:heavy_plus_sign: also unusual: ${also
    .slice(0, ALSO_NAMED)
    .map(({ title }) => title)
    .join(', ')}${also.length > ALSO_NAMED ? ` and ${also.length - ALSO_NAMED} more` : ''}`

/** `usual: requests, failed requests, CPU of Shipping; 9 signals of MySQL` */
const usualLine = (usual: readonly UsualSignals[]): Phrase[] => {
  const named = usual.slice(0, SERVICES_NAMED).map(({ service, titles, count }) => {
    const what =
      count > TITLES_NAMED
        ? `${count} signals`
        : titles.map((title) => title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase())).join(', ')
    return service === undefined ? what : `${what} of ${service}`
  })
  const left = usual.length - named.length
  return say`:heavy_check_mark: usual: ${named.join('; ')}${left > 0 ? `; and ${left} more ${left === 1 ? 'service' : 'services'}` : ''}`
}

const asOf = (at: number, zone: string): Phrase[] => say`as of ${clockIn(zone).time(at)} ${clockIn(zone).name(at)}`

/** Slack's own line chart: title at most 50 characters, axis labels 50. */
const nativeChart = (chart: ChartSnapshot, zone: string): Block[] => {
  const points = downsample(chart, { zone })
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
          x_label: shorten(clockIn(zone).name(chart.to), 50),
          ...(points.unit ? { y_label: shorten(points.unit, 50) } : {}),
        },
      },
    },
  ]
}
