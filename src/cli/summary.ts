import { writeSummary } from '../assistants/write-summary.ts'
import { BadConfig, type Config } from '../config/config.ts'
import { Refusal } from '../incident/errors.ts'
import { labelsOf } from '../incident/labels.ts'
import { timeline } from '../incident/timeline.ts'
import { clockIn } from '../incident/zone.ts'
import { chatClient } from '../integrations/openai/client.ts'
import { openStoreToRead } from '../store/store.ts'
import { knownNames } from './known-names.ts'

const LATEST_MESSAGES = 200

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
    const { messages } = await store.messages.of(incident.id, { last: LATEST_MESSAGES })
    const chat = chatClient({ url, token, model, ...(timeoutMs ? { timeoutMs } : {}) })
    const { sentences, cited, unfounded, leftOut } = await writeSummary(incident, {
      entries,
      messages,
      nameOf: knownNames(store),
      model,
      complete: chat.complete,
    })
    const clock = clockIn(file.timezone)
    return [
      `Summary of ${incident.id}, written by a language model (${model}), not by a person.`,
      'In brackets: the timeline entries, and messages (m), each sentence stands on. Check them before you pass it on.',
      '',
      ...sentences.map(({ text, refs }) => `- ${text} [${refs.join(', ')}]`),
      '',
      ...cited.map(({ ref, at, text }) => `${ref}. ${clock.day(at)} ${clock.time(at)} ${text}`),
      ...(leftOut > 0 ? ['', `The ${leftOut} earliest entries and messages were not sent.`] : []),
      ...(unfounded > 0
        ? ['', `Left out, because they name no entry: ${unfounded} ${unfounded === 1 ? 'sentence' : 'sentences'}.`]
        : []),
    ].join('\n')
  } finally {
    await store.close()
  }
}
