import { z } from 'zod'
import {
  code,
  defineCommand,
  link,
  nameIn,
  type Phrase,
  say,
  serviceCalled,
  strong,
  toYou,
  words,
} from '../src/conversation/command.ts'
import type { LineChart } from '../src/incident/form.ts'
import type { Insights } from '../src/incident/insights.ts'
import { formatDuration, shorten } from '../src/incident/measure.ts'

const DAY_MS = 86_400_000
const MOST_DAYS = 3_650

export default defineCommand({
  summary: 'Show what incidents add up to: counts, times, repeat offenders, open action items',
  usage: 'insights [service|team] [90d]',
  examples: ['insights', 'insights shipping 30d', 'insights Storefront'],
  aliases: ['metrics'],
  parse(text) {
    const all = words(text)
    const days = all.findLast((word) => /^\d+\s*d(ays)?$/i.test(word))
    return {
      about: all.filter((word) => word !== days).join(' '),
      days: days === undefined ? 90 : Number.parseInt(days, 10),
    }
  },
  input: z.object({
    about: z.string().max(200, 'keep it under 200 characters'),
    days: z.number().int().min(1, 'name at least one day, like `7d`').max(MOST_DAYS, 'name ten years at the most'),
  }),
  async run({ about, days }, { learning, act, insightsPage, vocabulary: { catalogue, severities } }) {
    const service = about ? serviceCalled(catalogue, about) : undefined
    const team = [...catalogue.values()].filter(({ owner }) => owner?.toLowerCase() === about.toLowerCase())
    if (about && !service && team.length === 0)
      return say`No service or team is called ${code(shorten(about, 60))}. Name one from the catalogue, give a period in days, like ${code('/incident insights 30d')}, or type just ${code('/incident insights')}.`
    const services = service ? [service.id] : about ? team.map(({ id }) => id) : undefined
    const name = service?.name ?? team[0]?.owner
    const insights = await learning.insights({ from: act.at - days * DAY_MS, to: act.at, services, about: name })
    const title = say`${strong(`${insights.incidents} incidents in ${days} days${name ? `: ${name}` : ''}`)}${importedOnes(insights)}${apart(insights)}`
    const page = await insightsPage()
    const filter = new URLSearchParams({
      days: String(days),
      ...(service ? { of: `service:${service.id}` } : name ? { of: `team:${name}` } : {}),
    })
    const where = page ? [say`${link(`${page}&${filter}`, 'With charts, as CSV, and for print')}`] : []
    if (insights.incidents === 0) return toYou(title, ...where)
    return {
      ...toYou(
        title,
        say`Severities: ${insights.bySeverity.map(({ severity, count }) => `${nameIn(severities, severity)} ${count}`).join(', ')}`,
        ...(services?.length === 1
          ? []
          : [
              say`Services: ${counted(insights.byService.map(({ service: id, count }) => [catalogue.get(id)?.name ?? id, count]))}`,
            ]),
        ...insights.spans.map(
          ({ name: span, known, median, p90 }): Phrase[] =>
            say`${strong(span)}: median ${formatDuration(median)}${p90 === undefined ? '' : `, 90 % within ${formatDuration(p90)}`} (known of ${known} of ${insights.incidents})`,
        ),
        ...(insights.assumedStarts > 0
          ? [
              say`Of ${insights.assumedStarts} nobody recorded when the impact began; their times count from the first alert and may be too short.`,
            ]
          : []),
        ...(insights.repeats.length > 0
          ? [say`${strong('Repeat offenders')}: ${counted(insights.repeats.map(({ rule, count }) => [rule, count]))}`]
          : []),
        actions(insights),
        ...updates(insights),
        ...record(insights),
        ...where,
      ),
      ...(insights.trend.length > 1 ? { chart: chartOf(insights, days) } : {}),
    }
  },
})

const chartOf = ({ trend }: Insights, days: number): LineChart => ({
  title: `Incidents in ${days} days`,
  unit: 'incidents',
  categories: trend.map(({ from }) => day(from, days)),
  series: [{ name: 'Incidents', values: trend.map(({ count }) => count) }],
})

const counted = (pairs: readonly (readonly [string, number])[]): string =>
  pairs
    .slice(0, 5)
    .map(([name, count]) => `${shorten(name, 60)} ${count}`)
    .join(', ') || 'none named'

const importedOnes = ({ imported }: Insights): string => (imported > 0 ? `, ${imported} of them imported` : '')

const apart = ({ apart: { drills, cancelled, merged } }: Insights): string => {
  const parts = [
    ...(drills > 0 ? [`${drills} drills`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(merged > 0 ? [`${merged} merged into others`] : []),
  ]
  return parts.length > 0 ? ` \u00b7 not counted: ${parts.join(', ')}` : ''
}

const actions = ({
  actions: {
    open,
    done,
    items: [oldest],
  },
}: Insights): Phrase[] => [
  ...say`${strong('Action items')}: ${open} open, ${done} done`,
  ...(oldest ? say`; the oldest open one is of ${oldest.incident}: ${shorten(oldest.text, 120)}` : []),
]

const updates = ({ updates: { due, onTime } }: Insights): Phrase[][] =>
  due === 0 ? [] : [say`${strong('Updates')}: ${onTime} of ${due} on time`]

const record = ({ suspects: { judged, right, wrong, silent } }: Insights): Phrase[][] =>
  judged === 0
    ? []
    : [
        say`${strong('Suspects')}: of ${judged} confirmed causes the ranking named ${right}, named another service for ${wrong} and none for ${silent}`,
      ]

/** `21 Nov`, UTC; with the year where there are several. */
const day = (at: number, days: number): string =>
  new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(days > 300 ? { year: 'numeric' } : {}),
    timeZone: 'UTC',
  })
