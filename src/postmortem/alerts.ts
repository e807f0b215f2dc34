import { alertWords } from '../incident/alert-words.ts'
import { alertsEverOf } from '../incident/alerts-of.ts'
import type { RecordedEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { capital, shorten } from '../incident/measure.ts'
import { type Phrase, person, plain } from '../incident/phrase.ts'
import type { Clock } from './clock.ts'

/** The details of an alert beyond its title, for a reader who has never seen its rule. */
export type AlertItem<Sentences = Phrase[]> = {
  title: string
  /** The system that sent it: `Alertmanager`. */
  source: string
  /** When it fired: `03:00 UTC`. */
  at: string
  description: string | null
  /** `value 9.28 s, threshold 2`. */
  values: string | null
  /** Labels that tell something: `namespace robot-shop`. */
  labels: string[]
  /** Runbook, dashboard, panel. */
  links: Sentences[]
  /** From the source: alerts that it left out, why it fired. */
  notes: string[]
}

const MOST_ALERTS = 10
const LONGEST_TEXT = 500

/** The details of the incident's alerts, oldest first. An alert without any beyond its title is left out. */
export const alertItems = (incident: Incident, events: readonly RecordedEvent[], clock: Clock): AlertItem[] =>
  alertsEverOf(events)
    .filter(({ left, page }) => !left && !page)
    .map(({ alert: reported, since }) => {
      // The opening alert may have been completed from its source later.
      const alert = incident.alert?.key === reported.key ? incident.alert : reported
      const words = alertWords(alert)
      return {
        title: alert.title,
        source: capital(plain([person(alert.source)])),
        at: clock.say(since),
        description: words.description === undefined ? null : shorten(words.description, LONGEST_TEXT),
        values: words.values || null,
        labels: words.labels,
        links: words.links,
        notes: (alert.notes ?? []).map((note) => shorten(note, LONGEST_TEXT)),
      }
    })
    .filter(
      ({ description, values, labels, links, notes }) =>
        description !== null || values !== null || [...labels, ...links, ...notes].length > 0,
    )
    .slice(0, MOST_ALERTS)
