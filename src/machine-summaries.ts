import { writeSummary } from './assistants/write-summary.ts'
import type { Config } from './config/config.ts'
import type { EffectHandler } from './incident/effect-handler.ts'
import { messageOf, Permanent } from './incident/errors.ts'
import { labelsOf } from './incident/labels.ts'
import { timeline } from './incident/timeline.ts'
import { chatClient } from './integrations/openai/client.ts'
import type { Store } from './store/store.ts'

export type MachineSummariesOptions = Config & {
  store: Pick<Store, 'events' | 'messages'>
  nameOf(person: string): Promise<string>
  /** Epoch ms. */
  now(): number
}

/** Within the outbox's limit for one effect. */
const TIMEOUT_MS = 25_000
/** Somebody waits for it: a summary that comes an hour later is of no use. */
const ATTEMPTS = 3
const LATEST_EVENTS = 1_000
const LATEST_MESSAGES = 200

/** Summaries by the language model of SUMMARY_API_URL. */
export const machineSummaries = ({ env, file, catalogue, store, nameOf, now }: MachineSummariesOptions) => {
  const { SUMMARY_API_URL: url, SUMMARY_API_TOKEN: token, SUMMARY_MODEL: model } = env

  // Asking the model twice is harmless: one answer is recorded.
  const write_summary: EffectHandler<'write_summary'> = async (_effect, { incident, signal, attempt }) => {
    // Made private since it was requested.
    if (incident.private) throw new Permanent('the incident is private')
    if (!url || !model || !file.assistants.summaries) throw new Permanent('no language model is configured any more')
    const chat = chatClient({ url, token, model, timeoutMs: TIMEOUT_MS })
    const entries = timeline(await store.events(incident.id, { last: LATEST_EVENTS }), labelsOf({ ...file, catalogue }))
    const { messages } = await store.messages.of(incident.id, { last: LATEST_MESSAGES })
    const complete = (system: string, user: string) => chat.complete(system, user, signal)
    try {
      const { sentences, cited } = await writeSummary(incident, { entries, messages, nameOf, model, complete })
      return [{ type: 'summary_written', by: 'muster', at: now(), model, sentences, cited }]
    } catch (error) {
      if (attempt < ATTEMPTS) throw error
      throw new Permanent(messageOf(error), { cause: error })
    }
  }
  return { write_summary }
}
