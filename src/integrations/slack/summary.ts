import type { ChangeRelation } from '../../incident/change.ts'
import { downsample } from '../../incident/chart-points.ts'
import type { SnapshotRef, Step } from '../../incident/event.ts'
import type { ChartSnapshot } from '../../incident/evidence.ts'
import type { Incident } from '../../incident/incident.ts'
import { formatDuration, shorten } from '../../incident/measure.ts'
import { link, type Phrase, person, say, strong, time, typed } from '../../incident/phrase.ts'
import type { Catalogue } from '../../incident/service.ts'
import { isActive, isOver, type Role, type Severity, type Status } from '../../incident/status.ts'
import { snapshotPhrases } from '../../incident/timeline.ts'
import { actions, type Block, commandButton, context, header, section } from './block.ts'
import { escapeText, mrkdwn } from './mrkdwn.ts'

/** The operator's words. */
export type Words = { severities: readonly Severity[]; roles: readonly Role[]; catalogue: Catalogue }

export const STATUS_NAMES: Record<Status, string> = {
  triage: 'Waiting for triage',
  investigating: 'Investigating',
  identified: 'Cause identified',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
  closed: 'Closed',
  cancelled: 'Cancelled',
  merged: 'Merged',
}

const STEP_NAMES: Record<Step, string> = {
  channel: 'Channel',
  people: 'People invited',
  summary: 'Summary',
  pin: 'Summary pinned',
  topic: 'Topic',
  bookmarks: 'Bookmarks',
  announcement: 'Announcement',
  on_call: 'On-call found',
  evidence: 'Evidence',
}

/** What the one live message says, also as plain text for notifications and for clients without blocks. */
export const summaryOf = (
  incident: Incident,
  words: Words,
  chart?: ChartSnapshot,
): { text: string; blocks: Block[] } => {
  const severity = words.severities.find(({ id }) => id === incident.severity)
  const emoji = isActive(incident.status) ? (severity?.emoji ?? ':large_orange_circle:') : ':white_check_mark:'
  const name = severity?.name ?? incident.severity.toUpperCase()
  return {
    text: escapeText(
      `${incident.id} ${name} ${shorten(incident.title, 600)}: ${STATUS_NAMES[incident.status].toLowerCase()}. ${incident.evidence
        .slice(0, 3)
        .map(numbers)
        .join('; ')}`,
    ),
    blocks: [
      header(`${emoji} ${name} \u00b7 ${incident.drill ? 'DRILL \u00b7 ' : ''}${incident.title}`),
      section(facts(incident, words).map(mrkdwn).join('\n')),
      ...alertBlocks(incident),
      ...changeBlocks(incident),
      ...evidenceBlocks(incident, chart),
      ...(isActive(incident.status) ? [activeButtons(incident)] : doneButtons(incident)),
      ...setUpBlocks(incident),
    ],
  }
}

const facts = (incident: Incident, { catalogue, roles }: Words): Phrase[][] => {
  const service = catalogue.get(incident.service ?? '')
  const where = [
    ...say`${strong(STATUS_NAMES[incident.status])}`,
    ...(incident.mergedInto ? say` into ${incident.mergedInto}` : []),
    ...say` \u00b7 since ${time(incident.milestones.impact_started?.at ?? incident.declaredAt)}`,
    ...(incident.milestones.resolved
      ? say` \u00b7 lasted ${formatDuration(incident.milestones.resolved.at - (incident.milestones.impact_started?.at ?? incident.declaredAt))}`
      : []),
  ]
  const what = incident.service
    ? [
        ...say`Service ${strong(service?.name ?? incident.service)}`,
        ...(service?.owner ? say` (${service.owner})` : []),
        ...(service?.runbook ? say` \u00b7 ${link(service.runbook, 'runbook')}` : []),
        ...(service ? [] : say` \u00b7 not in the catalogue yet: add it under services: in muster.yaml`),
      ]
    : undefined
  return [
    where,
    ...(what ? [what] : []),
    commanderLine(incident),
    ...roles
      .filter(({ id }) => id !== 'commander' && incident.roles[id])
      .map(({ id, name }) => say`${name} ${person(incident.roles[id] as string)}`),
    ...(incident.impact ? [[...say`Impact: `, ...typed(incident.impact)]] : []),
    ...(incident.latestUpdate && incident.updatedAt
      ? [[...say`Latest update (${time(incident.updatedAt)}): `, ...typed(incident.latestUpdate)]]
      : []),
    ...(incident.outcome ? [[...say`Outcome: `, ...typed(incident.outcome)]] : []),
  ]
}

const commanderLine = (incident: Incident): Phrase[] => {
  const { commander } = incident.roles
  if (commander) return say`Commander ${person(commander)}`
  const suggested = incident.found.find(({ responder }) => responder)
  return suggested?.responder
    ? say`Commander ${strong('nobody yet')} \u00b7 suggested: ${person(suggested.responder)}, ${suggested.why}`
    : say`Commander ${strong('nobody yet')}`
}

const alertBlocks = (incident: Incident): Block[] => {
  const { total, firing, flaps, refires = 0, latest } = incident.alerts
  if (total === 0) return []
  const first = incident.alert
  const title = first?.url
    ? say`${link(first.url, shorten(first.title, 150))}`
    : say`${shorten(first?.title ?? '', 150)}`
  const count = total === 1 ? (firing === 1 ? 'firing' : 'quiet') : `${firing} of ${total} alerts still firing`
  const others = latest.filter(({ key }) => key !== first?.key)
  return [
    context(mrkdwn([...say`:rotating_light: ${count}: `, ...title, ...flapping(Math.max(flaps, refires), total)])),
    ...(others.length > 0
      ? [
          context(
            others
              .slice(0, 3)
              .map(({ title, reason }) => mrkdwn(say`joined: ${shorten(title, 120)} (${reason})`))
              .join('\n'),
          ),
        ]
      : []),
  ]
}

/** How often it came back: the count of alerts does not grow with that, so it must be said beside it. */
const flapping = (times: number, total: number): Phrase[] =>
  times === 0
    ? []
    : say` \u00b7 flapping: ${total === 1 ? 'went quiet and fired again' : 'alerts that were quiet fired again'} ${times === 1 ? 'once' : `${times} times`}`

/** What makes a change stand out. */
const RELATIONS: Record<ChangeRelation, string> = { alerting: 'which alerts', upstream: 'which it depends on' }

const changeBlocks = ({ changes, milestones, declaredAt }: Incident): Block[] => {
  if (changes.length === 0) return []
  const began = milestones.impact_started?.at ?? declaredAt
  const lines = changes
    .slice(0, 3)
    .map(({ title, url, at, service, by, relation }) =>
      mrkdwn([
        ...(url ? say`${link(url, shorten(title, 120))}` : say`${shorten(title, 120)}`),
        ...(service
          ? [
              { text: ' \u00b7 ' },
              ...(relation ? say`${strong(`${service}, ${RELATIONS[relation]}`)}` : say`${service}`),
            ]
          : []),
        ...(by ? say` by ${by}` : []),
        ...say` \u00b7 ${formatDuration(Math.abs(began - at))} ${at <= began ? 'before' : 'after'} it began`,
      ]),
    )
  return [context(`:package: Changed around it:\n${lines.join('\n')}`)]
}

const evidenceBlocks = (incident: Incident, chart?: ChartSnapshot): Block[] => {
  if (incident.evidence.length === 0) return []
  const points = chart && downsample(chart)
  const lines = incident.evidence
    .slice(0, 4)
    .map((one) =>
      mrkdwn([
        ...say`${EVIDENCE_MARKS[one.kind]} `,
        ...snapshotPhrases(one),
        ...(one.url ? say` \u00b7 ${link(one.url, 'open')}` : []),
      ]),
    )
  return [...(points && chart ? [nativeChart(chart, points)] : []), context(lines.join('\n'))]
}

const EVIDENCE_MARKS: Record<SnapshotRef['kind'], string> = {
  chart: ':chart_with_upwards_trend:',
  image: ':frame_with_picture:',
  logs: ':page_facing_up:',
  missing: ':warning:',
}

/** Slack's own line chart: title at most 50 characters, axis labels 50. */
const nativeChart = (
  chart: ChartSnapshot,
  { categories, series }: NonNullable<ReturnType<typeof downsample>>,
): Block => ({
  type: 'data_visualization',
  title: shorten(chart.title, 50),
  chart: {
    type: 'line',
    series,
    axis_config: { categories, x_label: 'UTC', ...(chart.unit ? { y_label: shorten(chart.unit, 50) } : {}) },
  },
})

const numbers = (one: SnapshotRef): string =>
  snapshotPhrases(one)
    .map((phrase) => ('text' in phrase ? phrase.text : ''))
    .join('')

const activeButtons = (incident: Incident): Block =>
  actions(
    ...(incident.roles.commander ? [] : [commandButton('Take command', 'assign commander me', 'primary')]),
    commandButton('Update', 'update'),
    commandButton('Status', 'status'),
    commandButton('Severity', 'severity'),
    commandButton('Assign', 'assign'),
    commandButton('Evidence', 'evidence'),
    commandButton('Resolve', 'resolve'),
  )

const doneButtons = (incident: Incident): Block[] =>
  incident.status === 'resolved' || incident.status === 'closed'
    ? [
        actions(
          commandButton('Postmortem', 'postmortem', 'primary'),
          commandButton('Add action item', 'action'),
          commandButton('Reopen', 'reopen'),
        ),
      ]
    : incident.status === 'cancelled'
      ? [actions(commandButton('Reopen', 'reopen'))]
      : []

/** The checklist while something is pending or has failed; one quiet line afterwards. */
const setUpBlocks = (incident: Incident): Block[] => {
  // In the order of the list, not in the one they happened to end in.
  const steps = (Object.keys(STEP_NAMES) as Step[]).flatMap((name) => {
    const step = incident.steps[name]
    return step ? [[name, step] as const] : []
  })
  const failures = Object.values(incident.failures)
  // Called off half-way: what was pending will not come.
  if (isOver(incident) && failures.length === 0) return []
  if (steps.every(([, { state }]) => state === 'done') && failures.length === 0)
    return [context(`:white_check_mark: Set up: ${steps.map(([name]) => STEP_NAMES[name].toLowerCase()).join(', ')}`)]
  const failed = steps.some(([, { state }]) => state === 'failed') || failures.length > 0
  return [
    {
      type: 'plan',
      title: failed ? 'Set-up: something failed' : 'Setting up',
      tasks: steps.map(([name, { state, text }]) => ({
        type: 'task_card',
        task_id: name,
        title: STEP_NAMES[name],
        status: state === 'done' ? 'complete' : state === 'failed' ? 'error' : 'in_progress',
        ...(text ? { details: richText(shorten(text, 300)) } : {}),
      })),
    },
    ...(failed ? [actions(commandButton('Try again', 'retry', 'danger'))] : []),
  ]
}

const richText = (text: string): Block => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
})

/** Says the same with blocks that every workspace knows: a plan becomes lines, a chart its numbers (they are there already). */
export const classic = (blocks: readonly Block[]): Block[] =>
  blocks.flatMap((block): Block[] => {
    if (block.type === 'plan') return [context(planLines(block as unknown as Plan))]
    return block.type === 'data_visualization' ? [] : [block]
  })

type Plan = {
  title: string
  tasks: { title: string; status: string; details?: { elements: { elements: { text: string }[] }[] } }[]
}

const MARKS: Record<string, string> = {
  complete: ':white_check_mark:',
  error: ':x:',
  in_progress: ':hourglass_flowing_sand:',
}

const planLines = ({ title, tasks }: Plan): string =>
  [
    `*${title}*`,
    ...tasks.map(({ title, status, details }) => {
      const text = details?.elements[0]?.elements[0]?.text
      return mrkdwn(say`${MARKS[status] ?? ''} ${title}${text ? `: ${text}` : ''}`)
    }),
  ].join('\n')
