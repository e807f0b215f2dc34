import type { Change } from '../incident/change.ts'
import { deploymentOf, withoutEchoes } from '../incident/change-lines.ts'
import type { Labels } from '../incident/labels.ts'
import { type Phrase, person, say, strong } from '../incident/phrase.ts'
import type { Clock } from './clock.ts'

/** One change from its start to what became of it: a deployment reports itself when it starts and when it ends. */
export type ChangeStory = {
  title: string
  service: string | undefined
  by: string | undefined
  /** When it was first seen and when it last reported, epoch ms. */
  from: number
  to: number
  outcome: Change['outcome']
  kind: string
  isRollback: boolean
}

/** Changes in the order they began, the reports about one deployment together. */
export const changeStories = (changes: readonly Change[]): ChangeStory[] => {
  const groups = new Map<string, Change[]>()
  for (const change of withoutEchoes(changes).toSorted((a, b) => a.at - b.at)) {
    const { source, service = '', revision } = change
    // A revision can be deployed twice, so that the revision alone does not name a deployment.
    const key = revision || change.deployment ? deploymentOf(change) : change.key
    const group = JSON.stringify([source, service, key])
    groups.set(group, [...(groups.get(group) ?? []), change])
  }
  const seen = new Map<string, string[]>()
  return [...groups.values()].map((reports) => {
    const [first, last] = [reports[0] as Change, reports.at(-1) as Change]
    const before = seen.get(last.service ?? '') ?? []
    if (last.revision) seen.set(last.service ?? '', [...before, last.revision])
    return {
      // Its state is shown beside it; a title that names a different state would contradict that.
      title: (reports.find(({ outcome }) => outcome === 'succeeded') ?? last).title,
      service: last.service,
      by: last.by ?? first.by,
      from: first.at,
      to: last.at,
      outcome: last.outcome,
      kind: last.kind,
      isRollback: isRollback(last) || isEarlier(before, last.revision),
    }
  })
}

const isRollback = ({ kind, outcome, title }: Change): boolean =>
  outcome === 'rolled_back' || kind === 'rollback' || /\b(roll(ed|ing)?[ -]?back|revert(ed|ing)?)\b/i.test(title)

/** A revision that another one had replaced is back. */
const isEarlier = (before: readonly string[], revision: string | undefined): boolean =>
  revision !== undefined && before.includes(revision) && before.at(-1) !== revision

export const isFailed = ({ outcome }: ChangeStory): boolean => outcome === 'failed'

/** `Deployed`, `Rolled back`, ... */
export const changeVerb = ({ isRollback, kind, outcome }: ChangeStory): string => {
  if (isRollback) return 'Rolled back'
  if (kind === 'merge') return 'Merged'
  if (kind === 'release') return 'Released'
  if (kind !== 'deploy') return 'Changed'
  return outcome === 'failed' ? 'Failed to deploy' : 'Deployed'
}

/** Titles that start with their outcome, which is shown beside them. */
const STATE =
  /^(deployed|deploying|failed to deploy|merged|released|rolled back( to)?|rolling back|failed to roll back)\s+(?=\S)/i

/** What it was, of what, and by whom. */
export const changePhrases = ({ title, service, by }: ChangeStory, labels: Labels): Phrase[] => [
  strong(title.replace(STATE, '')),
  ...(service ? say` (${labels.service(service)})` : []),
  ...(by ? say` by ${person(by)}` : []),
]

/** Its outcome, unless it is the expected one: `; it failed at 14:11 UTC`. */
export const outcomePhrases = (change: ChangeStory, clock: Clock): Phrase[] => {
  if (isFailed(change)) return say`; it failed at ${clock.say(change.to)}`
  return change.outcome === 'started' ? say`; it had not ended` : []
}
