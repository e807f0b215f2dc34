import { callFactSentence } from '../../src/incident/call-fact.ts'
import type { RecordedEvent } from '../../src/incident/event.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { formatDuration } from '../../src/incident/measure.ts'
import { plain } from '../../src/incident/phrase.ts'
import { changePhrases, leadPhrases } from '../../src/incident/ranking-words.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { staff } from '../slack/people.ts'

/** As in the channel, where Slack shows names. */
const realName = (id: string): string => staff.find((person) => person.id === id)?.realName ?? `@${id}`

/** Events with findings of Muster's, as opposed to setup steps. */
const FOUND = new Set(['evidence_collected', 'change_seen', 'suspects_ranked', 'responder_found'])

/** Lines that summarise Muster's findings for an incident without human input. */
export const findingsOf = (incident: Incident, events: readonly RecordedEvent[]): string[] => {
  const opened = incident.declaredAt
  const after = (at: number) => `+${formatDuration(Math.max(0, at - opened))}`
  const lines = timeline(events)
    .filter(({ type }) => FOUND.has(type))
    .map(({ at, phrases }) => `  ${after(at).padStart(12)}  ${plain(phrases, realName)}`)
  const { ranking } = incident
  return [
    `${incident.id} ${incident.title}`,
    ...lines,
    ...(ranking
      ? [
          `  At the end: ${plain(leadPhrases(ranking))}`,
          ...ranking.suspects.flatMap(({ service, label, signals, explainedBy, change }, i) => [
            `    ${i + 1}. ${service} (${label})${explainedBy ? `, explained by ${explainedBy}` : ''}: ${signals.map(({ text }) => text).join('; ')}`,
            ...(change ? [`       changed: ${plain(changePhrases(change))}`] : []),
          ]),
          ...ranking.facts.map((fact) => `    New: ${plain(callFactSentence(fact))}`),
        ]
      : []),
  ]
}
