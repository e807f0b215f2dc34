import type { ChannelMessage } from '../incident/channel-message.ts'
import type { Incident } from '../incident/incident.ts'
import type { Cited, SummarySentence } from '../incident/machine-summary-event.ts'
import { plain } from '../incident/phrase.ts'
import type { TimelineEntry } from '../incident/timeline.ts'
import { readSummary, summaryRequest } from './summary.ts'

export type WriteSummaryOptions = {
  entries: readonly TimelineEntry[]
  messages: readonly ChannelMessage[]
  /** The name of a person by Slack id. */
  nameOf(person: string): Promise<string>
  /** The model's name, for errors. */
  model: string
  /** One answer of the model. */
  complete(system: string, user: string): Promise<string>
}

/** A summary with the names of people, and what its sentences stand on. */
export type WrittenSummary = {
  sentences: SummarySentence[]
  cited: Cited[]
  /** Sentences that named no source and were left out. */
  unfounded: number
  /** Earlier entries and messages that were not sent. */
  leftOut: number
}

/**
 * Has a model summarize a public incident. Names, addresses and secrets are not sent; the names are put back afterwards.
 * @throws one sentence when the model fails, or when nothing it wrote stands on anything.
 */
export const writeSummary = async (incident: Incident, options: WriteSummaryOptions): Promise<WrittenSummary> => {
  const { messages, nameOf, model, complete } = options
  // A summary must not stand on an earlier one.
  const entries = options.entries.filter(({ type }) => type !== 'summary_written' && type !== 'summary_requested')
  const { system, user, people, refs, leftOut } = summaryRequest(incident, entries, messages)
  const { sentences, unfounded } = readSummary(await complete(system, user), refs)
  if (sentences.length === 0)
    throw new Error(
      `${model} wrote nothing that stands on an entry of the timeline. \`/incident timeline\` has the facts.`,
    )
  const names = new Map<string, string>()
  for (const [name, person] of people) names.set(name, await nameOf(person))
  const own = new Map([...people].map(([name, person]) => [person, names.get(name) ?? person]))
  const nameIn = (person: string) => own.get(person) ?? person
  const used = new Set(sentences.flatMap((sentence) => sentence.refs))
  const cited = [...refs].flatMap(([ref, { at, phrases }]) =>
    used.has(ref) ? [{ ref, at, text: plain(phrases, nameIn) }] : [],
  )
  const withNames = (text: string) => text.replace(/\bPerson \d+\b/g, (name) => names.get(name) ?? name)
  return {
    sentences: sentences.map((sentence) => ({ ...sentence, text: withNames(sentence.text) })),
    cited: cited.sort((a, b) => a.at - b.at),
    unfounded,
    leftOut,
  }
}
