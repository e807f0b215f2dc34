import { readSummary, summaryRequest } from '../assistants/summary.ts'
import { BadConfig, type Config } from '../config/config.ts'
import { Refusal } from '../incident/errors.ts'
import { labelsOf } from '../incident/labels.ts'
import { plain } from '../incident/phrase.ts'
import { timeline } from '../incident/timeline.ts'
import { clockIn } from '../incident/zone.ts'
import { chatClient } from '../integrations/openai/client.ts'
import { openStoreToRead } from '../store/store.ts'
import { knownNames } from './known-names.ts'

export type SummaryOptions = {
  /** `INC-42`; `42` and `inc-42` are taken too. */
  id: string
  /** Limit for the answer, ms. */
  timeoutMs?: number
}

/**
 * `muster summary INC-42`: a summary by the language model that SUMMARY_API_URL names, with the timeline entries that each
 * sentence stands on. Nothing of it is stored.
 * @throws BadConfig when no model is configured; Refusal for a private or unknown incident; one sentence when the model fails.
 */
export const summarize = async (
  { env, file, catalogue }: Config,
  { id, timeoutMs }: SummaryOptions,
): Promise<string> => {
  const { SUMMARY_API_URL: url, SUMMARY_API_TOKEN: token, SUMMARY_MODEL: model } = env
  if (!url || !model)
    throw new BadConfig('No language model is configured: SUMMARY_API_URL and SUMMARY_MODEL turn summaries on.')
  const number = /^(?:INC-)?(\d{1,9})$/i.exec(id.trim())?.[1]
  if (!number) throw new Refusal(`"${id}" is not an incident; they are named like INC-42.`)
  const store = await openStoreToRead(env.DATABASE_URL, Date.now)
  try {
    const incident = await store.read(`INC-${Number(number)}`)
    if (!incident) throw new Refusal(`There is no incident INC-${Number(number)}.`)
    if (incident.private) throw new Refusal(`${incident.id} is private; nothing of it is sent to a language model.`)
    const entries = timeline(await store.events(incident.id), labelsOf({ ...file, catalogue }))
    const { system, user, people, leftOut } = summaryRequest(incident, entries)
    const answer = await chatClient({ url, token, model, ...(timeoutMs ? { timeoutMs } : {}) }).complete(system, user)
    const { sentences, unfounded } = readSummary(answer, new Set(entries.map(({ seq }) => seq)))
    if (sentences.length === 0)
      throw new Error(
        `${model} wrote nothing that stands on an entry of the timeline. \`muster export\` writes the facts.`,
      )

    const nameOf = knownNames(store)
    const names = new Map<string, string>()
    for (const [name, person] of people) names.set(name, await nameOf(person))
    const withNames = (text: string) => text.replace(/\bPerson \d+\b/g, (name) => names.get(name) ?? name)
    const own = new Map([...people].map(([name, person]) => [person, names.get(name) ?? person]))
    const clock = clockIn(file.timezone)
    const cited = new Set(sentences.flatMap(({ entries: numbers }) => numbers))
    return [
      `Summary of ${incident.id}, written by a language model (${model}), not by a person.`,
      'In brackets: the timeline entries each sentence stands on. Check them before you pass it on.',
      '',
      ...sentences.map(({ text, entries: numbers }) => `- ${withNames(text)} [${numbers.join(', ')}]`),
      '',
      ...entries
        .filter(({ seq }) => cited.has(seq))
        .map(
          ({ seq, at, phrases }) =>
            `${seq}. ${clock.day(at)} ${clock.time(at)} ${plain(phrases, (one) => own.get(one) ?? one)}`,
        ),
      ...(leftOut > 0 ? ['', `The ${leftOut} earliest entries were not sent.`] : []),
      ...(unfounded > 0
        ? ['', `Left out, because they name no entry: ${unfounded} ${unfounded === 1 ? 'sentence' : 'sentences'}.`]
        : []),
    ].join('\n')
  } finally {
    await store.close()
  }
}
