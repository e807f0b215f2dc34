import type { IncidentFacts } from '../incident/index-entry.ts'
import type { Insights } from '../incident/insights.ts'
import { formatDuration, shorten } from '../incident/measure.ts'
import { MILESTONE_NAMES, SPANS } from '../incident/milestones.ts'
import type { Picture } from '../postmortem/html.ts'
import { markdownOf } from '../postmortem/text.ts'
import { barChart } from './trend-picture.ts'

/** Incidents listed, the newest. */
const MOST_LISTED = 100
const LONGEST_TEXT = 160
const TREND = 'charts/trend.svg'
const RESOLVED = 'charts/resolved.svg'

export type InsightsPage = {
  insights: Insights
  /** The incidents behind the numbers, oldest first. */
  facts: readonly IncidentFacts[]
  severityName(id: string): string
  serviceName(id: string): string
  personName(id: string): string
}

/** The page of insights as Markdown, and the pictures in it. Times are UTC. */
export const insightsMarkdown = (page: InsightsPage): { markdown: string; pictures: Picture[] } => {
  const { insights } = page
  const { from, to, about, incidents, spans, repeats } = insights
  const parts = [
    `# Incidents${about ? `: ${markdownOf(about)}` : ''}`,
    `${dayOf(from)} to ${dayOf(to)}, by the day they were declared. **${counted(incidents, 'incident')}**${importedOnes(insights)}.${apart(insights)}`,
  ]
  if (incidents === 0) return { markdown: [...parts, ending].join('\n\n'), pictures: [] }
  const { pictures, lines } = trend(insights)
  return {
    pictures,
    markdown: [
      ...parts,
      '## How many',
      ...lines,
      table(
        ['Severity', 'Incidents'],
        insights.bySeverity.map(({ severity, count }) => [page.severityName(severity), count]),
      ),
      ...(insights.byService.length > 1
        ? [
            table(
              ['Service', 'Incidents'],
              insights.byService.map(({ service, count }) => [page.serviceName(service), count]),
            ),
          ]
        : []),
      '## How long',
      spans.length === 0
        ? 'No time is known of any of them.'
        : table(
            ['Measure', 'Median', '90 % within', 'Known of', 'Measured'],
            spans.map(({ name, known, median, p90 }) => [
              ...[name, formatDuration(median), p90 === undefined ? 'too few' : formatDuration(p90)],
              ...[`${known} of ${incidents}`, betweenOf(name)],
            ]),
          ),
      'What is not known is left out, not counted as zero. A 90th percentile needs five values.',
      ...(insights.assumedStarts > 0
        ? [
            `Of ${counted(insights.assumedStarts, 'incident')} nobody recorded when the impact began: their times count from the first alert, and may be too short.`,
          ]
        : []),
      '## Repeat offenders',
      repeats.length === 0
        ? 'No alert opened or joined more than one of them.'
        : table(
            ['Alert', 'Incidents'],
            repeats.map(({ rule, count }) => [rule, count]),
          ),
      '## Action items',
      ...actionItems(page),
      '## Updates',
      insights.updates.due === 0
        ? 'No update was due.'
        : `${insights.updates.onTime} of ${counted(insights.updates.due, 'update')} came by the time promised, or by the severity\u2019s cadence (${percent(insights.updates.onTime, insights.updates.due)}).`,
      '## Suspects',
      suspects(insights),
      '## The incidents',
      ...listed(page),
      ending,
    ].join('\n\n'),
  }
}

const ending = '---\n\nPrivate incidents are not on this page, and not in the CSV. Whoever has the link can read both.'

const trend = ({ trend: periods }: Insights): { pictures: Picture[]; lines: string[] } => {
  if (periods.length < 2) return { pictures: [], lines: [] }
  const bars = (of: (period: Insights['trend'][number]) => number | undefined) =>
    periods.map((period) => ({ label: dayOf(period.from).slice(0, -5), value: of(period) }))
  const counts = periods.map(({ count }) => count).join(', ')
  const isKnown = periods.filter(({ resolve }) => resolve !== undefined).length > 1
  return {
    pictures: [
      barChart(
        TREND,
        bars(({ count }) => count),
        'count',
      ),
      ...(isKnown
        ? [
            barChart(
              RESOLVED,
              bars(({ resolve }) => resolve),
              'duration',
            ),
          ]
        : []),
    ],
    lines: [
      `![Incidents per period, oldest first: ${counts}](${TREND})`,
      ...(isKnown
        ? [
            'Median time to resolve, of the incidents declared in each period:',
            `![Median time to resolve per period, oldest first: ${periods.map(({ resolve }) => (resolve === undefined ? 'unknown' : formatDuration(resolve))).join(', ')}](${RESOLVED})`,
          ]
        : []),
    ],
  }
}

const actionItems = ({ insights, personName }: InsightsPage): string[] => {
  const { open, done, items } = insights.actions
  return [
    `${open} open, ${done} done.`,
    ...(items.length === 0
      ? []
      : [
          table(
            ['Open since', 'Incident', 'What must be done', 'Owner'],
            items.map(({ at, incident, text, owner }) => [
              ...[dayOf(at), incident, shorten(text, LONGEST_TEXT)],
              owner ? personName(owner) : 'nobody yet',
            ]),
          ),
        ]),
    ...(open > items.length ? [`The ${items.length} of the oldest incidents are listed.`] : []),
  ]
}

const suspects = ({ suspects: { judged, right, wrong, silent } }: Insights): string =>
  judged === 0
    ? 'Nobody confirmed a cause yet: `/incident cause <service>` does.'
    : `Of ${counted(judged, 'confirmed cause')}, the ranking had named ${right} (${percent(right, judged)}), another service for ${wrong}, and none for ${silent}.`

const listed = ({ facts, severityName, serviceName }: InsightsPage): string[] => {
  const newest = facts.toReversed().slice(0, MOST_LISTED)
  return [
    table(
      ['Declared', 'Incident', 'Severity', 'Service', 'Status', 'Time to resolve'],
      newest.map(({ declaredAt, id, title, severity, service, status, spans, drill }) => [
        ...[dayOf(declaredAt), `${id}${drill ? ' (drill)' : ''} ${shorten(title, LONGEST_TEXT)}`],
        ...[severityName(severity), service === undefined ? '' : serviceName(service), status],
        spans['Time to resolve'] === undefined ? '' : formatDuration(spans['Time to resolve']),
      ]),
    ),
    ...(facts.length > newest.length ? [`The newest ${newest.length} of ${facts.length}; the CSV has all.`] : []),
  ]
}

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(markdownOf))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const percent = (part: number, of: number): string => `${Math.round((part / of) * 100)} %`

const importedOnes = ({ imported }: Insights): string => (imported > 0 ? `, ${imported} of them imported` : '')

const apart = ({ apart: { drills, cancelled, merged, triage } }: Insights): string => {
  const parts = [
    ...(drills > 0 ? [counted(drills, 'drill')] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(merged > 0 ? [`${merged} merged into others`] : []),
    ...(triage > 0 ? [`${triage} still held`] : []),
  ]
  return parts.length > 0 ? ` Not counted: ${parts.join(', ')}.` : ''
}

const betweenOf = (span: string): string => {
  const found = SPANS.find(({ name }) => name === span)
  return found ? `${MILESTONE_NAMES[found.from]} to ${MILESTONE_NAMES[found.to].toLowerCase()}` : ''
}

/** `21 Nov 2026`, UTC. */
const dayOf = (at: number): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
