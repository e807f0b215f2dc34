import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { shorten } from './measure.ts'
import { type Phrase, say, strong, time } from './phrase.ts'

/** A request without an answer for this long may be repeated. */
const WRITTEN_WITHIN_MS = 2 * 60_000
const LONGEST_CITED = 140

/** Requests a summary by a language model. */
export const requestSummary: Decision<Record<string, never>> = (incident, _input, act) => {
  const { id, summaryRequestedAt: since } = incident
  if (incident.private) throw new Refusal(`${id} is private; nothing of it is sent to a language model.`)
  if (since !== undefined && act.at - since < WRITTEN_WITHIN_MS)
    throw new Refusal(`A summary of ${id} is being written already; it will be posted in its channel.`)
  return [{ ...act, type: 'summary_requested' }]
}

/** Follows whether a summary is being written. */
export const withMachineSummary = (
  incident: Incident,
  event: Extract<IncidentEvent, { type: 'summary_requested' | 'summary_written' }>,
): Incident => {
  const { summaryRequestedAt: _before, ...others } = incident
  return event.type === 'summary_requested' ? { ...others, summaryRequestedAt: event.at } : others
}

/** The summary as posted; what the model wrote is plain text, so that it can mention nobody. */
export const machineSummarySentence = ({
  model,
  sentences,
  cited,
}: Extract<IncidentEvent, { type: 'summary_written' }>): Phrase[] => [
  ...say`${strong(`Summary by a language model (${model}), not by a person.`)} Check what it stands on before you pass it on.`,
  ...sentences.flatMap(({ text, refs }) => say`\n\u2022 ${text} [${refs.join(', ')}]`),
  ...say`\n\n${strong('What it stands on')}`,
  ...cited.flatMap(({ ref, at, text }) => say`\n${{ code: ref }} ${time(at)} ${shorten(text, LONGEST_CITED)}`),
]
