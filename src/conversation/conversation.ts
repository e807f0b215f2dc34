import type { Recorder } from '../engine/record.ts'
import { note } from '../incident/decide.ts'
import type { Answer } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { plain, typed } from '../incident/phrase.ts'
import { OPEN_STATUSES } from '../incident/status.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import {
  type Asked,
  type Command,
  type CommandContext,
  commandName,
  interpret,
  submit,
  type Vocabulary,
} from './command.ts'

export type ConversationOptions = {
  commands: readonly Command[]
  vocabulary: Vocabulary
  store: Store
  record: Recorder
  metrics: Metrics
  timezoneOf(person: string): Promise<string>
  nameOf(person: string): Promise<string>
  documents: CommandContext['documents']
  canPage: boolean
  pause: CommandContext['pause']
  now: () => number
}

/** Who said something, and where. */
export type Speaker = { person: string; channel: string /** The same for a repeated delivery. */; once: string }

/** What people say to Muster, wherever they say it: words, forms and marked messages become sub-commands and facts. */
export const createConversation = (options: ConversationOptions) => {
  const { commands, vocabulary, store, record, metrics, timezoneOf, nameOf, documents, canPage, pause, now } = options

  const asked = ({ person, channel, once }: Speaker): Asked => {
    const act = { by: person, at: now() }
    const visible = (incident: Incident) => !incident.private || incident.people.includes(person)
    return {
      context: {
        act,
        channel,
        vocabulary,
        timezone: () => timezoneOf(person),
        inWords: (text) => inWords(text, nameOf),
        declare: async (declaration) => (await record.declare(declaration, act, once)).incident,
        list: async (statuses) => (await store.list(statuses ? { statuses } : {})).filter(visible),
        documents,
        canPage,
        commands: () => commands,
        pause,
      },
      incidentOf: async (id) => {
        const incident = id === undefined ? await store.byChannel(channel) : await store.read(id)
        // In its own channel everybody present may see it; elsewhere a private one does not exist for others.
        if (!incident || (id !== undefined && !visible(incident))) return undefined
        return {
          incident,
          change: (decide) => record.change(incident.id, decide, once),
          events: () => store.events(incident.id),
        }
      },
    }
  }

  const counted = async (command: string, work: () => Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await work()
      metrics.commands.inc({ command, result: answer.kind })
      return answer
    } catch (error) {
      metrics.commands.inc({ command, result: 'failed' })
      throw error
    }
  }

  return {
    command: (text: string, speaker: Speaker): Promise<Answer> =>
      counted(commandName(commands, text), () => interpret(commands, text, asked(speaker))),

    submit: (command: string, values: Record<string, unknown>, speaker: Speaker, incident?: string): Promise<Answer> =>
      counted(commandName(commands, command), () => submit(commands, command, values, asked(speaker), incident)),

    /** Keeps a message for the timeline, at the time it was written; false outside an incident's channel. */
    keepMessage: async (
      { channel, ts, text, author, link }: { channel: string; ts: string; text: string; author: string; link?: string },
      { once }: Speaker,
    ): Promise<boolean> => {
      const incident = await store.byChannel(channel)
      if (!incident || !text.trim()) return false
      // Slack: a message's ts is its time in seconds.
      const time = Math.min(now(), Math.round(Number(ts) * 1000))
      await record.change(
        incident.id,
        (state) => note(state, { text, time, ...(link ? { link } : {}) }, { by: author, at: now() }),
        once,
      )
      return true
    },

    openIncidents: (): Promise<Incident[]> => store.list({ statuses: OPEN_STATUSES }),
  }
}

export type Conversation = ReturnType<typeof createConversation>

/** A name that cannot be had must not keep an incident from being declared: the id stands for it. */
const inWords = async (text: string, nameOf: (person: string) => Promise<string>): Promise<string> => {
  const phrases = typed(text)
  const people = phrases.flatMap((phrase) => ('person' in phrase ? [phrase.person] : []))
  const names = new Map<string, string>()
  await Promise.all(people.map(async (id) => names.set(id, await nameOf(id).catch(() => id))))
  return plain(phrases, (id) => names.get(id) ?? id)
}
