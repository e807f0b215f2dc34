import type { Recorder } from '../engine/record.ts'
import { markMessage } from '../incident/decide.ts'
import type { MessagePlace } from '../incident/event.ts'
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

    /** Records that a message is to be kept for the timeline; nothing outside an incident's channel. */
    markMessage: async (
      marked: { message: MessagePlace; text?: string; author?: string },
      { person, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(marked.message.channel)
      if (!incident) return
      await record.change(incident.id, (state) => markMessage(state, marked, { by: person, at: now() }), once)
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
