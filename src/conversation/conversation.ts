import type { Recorder } from '../engine/record.ts'
import { markMessage } from '../incident/decide.ts'
import type { MessagePlace } from '../incident/event.ts'
import type { Answer, Speaker } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { memberJoined, memberLeft } from '../incident/members.ts'
import { plain, typed } from '../incident/phrase.ts'
import { requestAccess } from '../incident/privacy.ts'
import { OPEN_STATUSES } from '../incident/status.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Command, CommandContext } from './command.ts'
import { commandName, interpret, type Request, submit } from './interpret.ts'
import type { LearningOf } from './learning.ts'
import type { Permissions } from './permissions.ts'

export type ConversationOptions = {
  commands: readonly Command[]
  vocabulary: Vocabulary
  store: Store
  record: Recorder
  metrics: Metrics
  timezoneOf(person: string): Promise<string>
  nameOf(person: string): Promise<string>
  documents: CommandContext['documents']
  sections: CommandContext['sections']
  postmortemsInGit: CommandContext['postmortemsInGit']
  learning: LearningOf
  canPage: boolean
  evidenceSources: readonly string[]
  pause: CommandContext['pause']
  permissions: Permissions
  now: () => number
}

/** How many incidents `list` returns at the most, newest first. */
const LATEST = 50
/** More open incidents than this are a backlog that no list can help with. */
const MOST_OPEN = 1_000

/** Handles what people type, submit and mark, wherever they do it: it becomes sub-commands and events. */
export const createConversation = (options: ConversationOptions) => {
  const { commands, vocabulary, store, record, metrics, timezoneOf, nameOf, now } = options
  const { documents, sections, postmortemsInGit, learning, canPage, evidenceSources, pause, permissions } = options

  const requestOf = ({ person, channel, once }: Speaker): Request => {
    const act = { by: person, at: now() }
    // Slack lets only its members act in a private channel, so whoever acts there is one, invited by hand or not.
    const isVisible = (incident: Incident) =>
      !incident.private || incident.people.includes(person) || incident.channel?.id === channel
    return {
      permit: ({ permission = 'act' }) => permissions.check(permission, person),
      context: {
        act,
        channel,
        vocabulary,
        timezone: () => timezoneOf(person),
        withNames: (text) => withNames(text, nameOf),
        declare: async (declaration) => (await record.declare(declaration, act, once)).incident,
        list: (statuses) =>
          store.list({ visibleTo: person, ...(statuses ? { statuses, limit: MOST_OPEN } : { limit: LATEST }) }),
        find: async (id) => {
          const incident = await store.read(id)
          return incident && isVisible(incident) ? incident : undefined
        },
        requestAccess: async (id) => {
          const incident = await store.read(id)
          if (incident?.private) await record.change(id, (now) => requestAccess(now, {}, act), once)
        },
        documents,
        sections,
        postmortemsInGit,
        learning: {
          similar: (incident) => learning.similar(incident),
          find: (text) => learning.find(text, isVisible),
          insights: learning.insights,
          playbook: (incident) => learning.playbooks.offer(incident),
          keepPlaybook: (incident, edit) => learning.playbooks.save(incident, edit, act),
        },
        canPage,
        evidenceSources,
        commands: () => commands,
        pause,
      },
      incidentOf: async (id) => {
        const incident = id === undefined ? await store.byChannel(channel) : await store.read(id)
        // Elsewhere than in its channel a private incident does not exist for others.
        if (!incident || !isVisible(incident)) return undefined
        return {
          incident,
          change: (decide) => record.change(incident.id, decide, once),
          events: (part) => store.events(incident.id, part),
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
      counted(commandName(commands, text, vocabulary), () => interpret(commands, text, requestOf(speaker))),

    submit: (command: string, values: Record<string, unknown>, speaker: Speaker, incident?: string): Promise<Answer> =>
      counted(commandName(commands, command, vocabulary), () =>
        submit(commands, command, values, requestOf(speaker), incident),
      ),

    /** Records that a message is to be kept for the timeline; nothing outside an incident's channel. */
    markMessage: async (
      marked: { message: MessagePlace; text?: string; author?: string },
      { person, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(marked.message.channel)
      if (!incident || !(await permissions.mayAct(person))) return
      await record.change(incident.id, (state) => markMessage(state, marked, { by: person, at: now() }), once)
    },

    /** Records who joined or left the channel of a private incident; nothing elsewhere. */
    memberChanged: async (
      { member, joined }: { member: string; joined: boolean },
      { person, channel, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(channel)
      if (!incident?.private) return
      const decide = joined ? memberJoined : memberLeft
      await record.change(incident.id, (state) => decide(state, { member }, { by: person, at: now() }), once)
    },

    /** What this person may see: open incidents, and those that are over. */
    home: async (person: string): Promise<{ open: Incident[]; over: Incident[] }> => {
      const [open, over] = await Promise.all([
        store.list({ statuses: OPEN_STATUSES, visibleTo: person, limit: MOST_OPEN }),
        store.list({ statuses: ['resolved', 'closed'], visibleTo: person, limit: LATEST }),
      ])
      return { open, over }
    },
  }
}

export type Conversation = ReturnType<typeof createConversation>

/** A name that cannot be looked up must not keep an incident from being declared: the id stands for it. */
const withNames = async (text: string, nameOf: (person: string) => Promise<string>): Promise<string> => {
  const phrases = typed(text)
  const people = phrases.flatMap((phrase) => ('person' in phrase ? [phrase.person] : []))
  const names = new Map<string, string>()
  await Promise.all(people.map(async (id) => names.set(id, await nameOf(id).catch(() => id))))
  return plain(phrases, (id) => names.get(id) ?? id)
}
