import type { Field, Form } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { shorten } from '../incident/measure.ts'
import { isActive } from '../incident/status.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'

/** A message that somebody selected, as a form receives it. */
export type ChosenMessage = {
  channel: string
  /** Its id in the channel. */
  ts: string
  /** The id of the message it answers, in a thread. */
  thread?: string
  text: string
  /** Who wrote it, a Slack user id; absent for bots. */
  author?: string
  link?: string
}

const LONGEST_TITLE = 150
/** Slack: a form remembers 3,000 characters of JSON; the link leads to the rest. */
const MOST_REMEMBERED = 2_000

/** The same form, pre-filled from a message. */
export const withMessage = (form: Form, command: 'declare' | 'action', message: ChosenMessage): Form => {
  const [first = ''] = message.text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const initial: Record<string, string> =
    command === 'declare' ? { title: shorten(first, LONGEST_TITLE) } : { text: shorten(message.text, 3000) }
  return {
    ...form,
    fields: form.fields.map((field) => ({
      ...field,
      ...(initial[field.name] ? { initial: initial[field.name] as string } : {}),
      ...(command === 'declare' && field.name === 'title'
        ? { hint: 'The message becomes the first entry of the timeline, with its author, time and link.' }
        : {}),
    })),
    given: {
      ...form.given,
      message: command === 'declare' ? { ...message, text: remembered(message.text) } : place(message),
    },
  }
}

const place = ({ channel, ts, link }: ChosenMessage) => ({ channel, ts, ...(link ? { link } : {}) })

/** JSON escapes some characters as several. */
const remembered = (text: string): string => {
  let cut = shorten(text, MOST_REMEMBERED)
  while (JSON.stringify(cut).length > MOST_REMEMBERED + 200) cut = shorten(cut, Math.floor(cut.length * 0.8))
  return cut
}

/** The field in which the incident is chosen, where the message is in none's channel. */
export const CHOSEN_INCIDENT = 'chosen_incident'
/** Slack: a select has at most 100 options. */
const MOST_CHOICES = 100

/**
 * The same form, asking for the incident first: open ones before those that are over, each group newest first.
 * @param incidents those that the person may see
 */
export const withIncidentChoice = (form: Form, incidents: readonly Incident[], { severities }: Vocabulary): Form => {
  const open = incidents.filter(({ status }) => isActive(status))
  const over = incidents.filter(({ status }) => !isActive(status))
  const [first, ...others] = open
  const choice: Field = {
    name: CHOSEN_INCIDENT,
    label: 'Which incident is it for?',
    kind: 'choice',
    options: [...open, ...over].slice(0, MOST_CHOICES).map(({ id, title, severity, status }) => ({
      value: id,
      label: `${id} ${title}`,
      description: `${severities.find((one) => one.id === severity)?.name ?? severity}, ${status}`,
    })),
    ...(incidents.length > MOST_CHOICES
      ? { hint: `The ${MOST_CHOICES} latest are listed. For another one, type /incident action INC-7 and what to do.` }
      : {}),
    // With several open ones a guess would be wrong too often.
    ...(first && others.length === 0 ? { initial: first.id } : {}),
  }
  return { ...form, fields: [choice, ...form.fields] }
}
