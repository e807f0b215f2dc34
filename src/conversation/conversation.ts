import type { Recorder } from '../engine/record.ts'
import { type ChannelMessage, type KeepMessages, keepsMessages } from '../incident/channel-message.ts'
import type { MessagePlace } from '../incident/event.ts'
import type { Answer, Reply, Speaker } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { followDeletion, followEdit, markMessage, unmarkMessage } from '../incident/kept-message.ts'
import { joinedLate, memberJoined, memberLeft } from '../incident/members.ts'
import { plain, typed } from '../incident/phrase.ts'
import { requestAccess } from '../incident/privacy.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Command, CommandContext } from './command.ts'
import { commandName, interpret, openForm, type Request, submit } from './interpret.ts'
import type { LearningOf } from './learning.ts'
import { CHOSEN_INCIDENT, type ChosenMessage, withIncidentChoice, withMessage } from './message-form.ts'
import { freezeOffer, panelLinkIn } from './panel-links.ts'
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
  /** Address of the page of insights; undefined when Muster has no public address. */
  insightsLink(): string | undefined
  canPage: boolean
  canSummarize: boolean
  callGraphs: CommandContext['callGraphs']
  evidenceSources: readonly string[]
  grafana: CommandContext['grafana']
  pause: CommandContext['pause']
  permissions: Permissions
  keepMessages: KeepMessages
  /** The text without credentials. */
  mask(text: string): string
  now: () => number
}

/** How many incidents `list` returns at the most, newest first. */
const LATEST = 50
/** More open incidents than this are a backlog that a list does not help with. */
const MOST_OPEN = 1_000

/** Incidents that an action item from a message may be for. One more than Slack shows says that there are others. */
const OPEN = ['investigating', 'identified', 'mitigated']
const OVER = ['resolved', 'closed']
const MOST_CHOOSABLE = 101

/** Handles what people type, submit and mark, and turns it into sub-commands and events. */
export const createConversation = (options: ConversationOptions) => {
  const { commands, vocabulary, store, record, metrics, timezoneOf, nameOf, now } = options
  const {
    documents,
    sections,
    postmortemsInGit,
    learning,
    insightsLink,
    canPage,
    canSummarize,
    callGraphs,
    evidenceSources,
    grafana,
    pause,
    permissions,
    keepMessages,
    mask,
  } = options

  const requestOf = ({ person, channel, once }: Speaker): Request => {
    const act = { by: person, at: now() }
    // Slack lets only members act in a private channel, so whoever acts there is a member, even when invited by hand.
    const isVisible = (incident: Incident) =>
      !incident.private || incident.people.includes(person) || incident.channel?.id === channel
    return {
      permit: ({ permission = 'act' }, typed) =>
        permissions.check(typeof permission === 'function' ? permission(typed) : permission, person),
      context: {
        act,
        channel,
        vocabulary,
        timezone: () => timezoneOf(person),
        withNames: (text) => withNames(text, nameOf),
        declare: async (declaration) => {
          const { message } = declaration
          if (!message) return (await record.declare(declaration, act, once)).incident
          // Two people who declare from one message at once declare one incident, unless one of them may not see it.
          const { incident } = await record.declare(declaration, act, `declared:${message.channel}:${message.ts}`)
          return isVisible(incident) ? incident : (await record.declare(declaration, act, once)).incident
        },
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
        insightsPage: async () =>
          permissions.check('export', person).then(
            () => insightsLink(),
            () => undefined,
          ),
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
        canSummarize,
        callGraphs,
        evidenceSources,
        grafana,
        commands: () => commands,
        pause,
      },
      incidentOf: async (id) => {
        const incident = id === undefined ? await store.byChannel(channel) : await store.read(id)
        // Outside its channel a private incident is invisible to non-members.
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

  /** The form of a command; outside incident channels an action item's form asks which incident it is for. */
  const formFor = async (command: 'declare' | 'action', speaker: Speaker): Promise<Answer> => {
    const request = requestOf(speaker)
    if (command === 'declare' || (await request.incidentOf())) return openForm(commands, command, request)
    const visible = { visibleTo: speaker.person, limit: MOST_CHOOSABLE }
    const choices = [
      ...(await store.list({ ...visible, statuses: OPEN })),
      ...(await store.list({ ...visible, statuses: OVER })),
    ]
    const [first] = choices
    const answer = await openForm(commands, command, { ...request, incidentOf: () => request.incidentOf(first?.id) })
    if (answer.kind !== 'form') return answer
    const { incident, ...form } = answer
    return { ...form, form: withIncidentChoice(form.form, choices, vocabulary) }
  }

  return {
    command: (text: string, speaker: Speaker): Promise<Answer> =>
      counted(commandName(commands, text, vocabulary), () => interpret(commands, text, requestOf(speaker))),

    submit: (command: string, values: Record<string, unknown>, speaker: Speaker, incident?: string): Promise<Answer> =>
      counted(commandName(commands, command, vocabulary), () => {
        const { [CHOSEN_INCIDENT]: chosen, ...input } = values
        const about = incident ?? (typeof chosen === 'string' ? chosen : undefined)
        return submit(commands, command, input, requestOf(speaker), about)
      }),

    /** The form of a command, pre-filled from a message. */
    messageForm: (command: 'declare' | 'action', message: ChosenMessage, speaker: Speaker): Promise<Answer> =>
      counted(command, async () => {
        const answer = await formFor(command, speaker)
        return answer.kind === 'form' ? { ...answer, form: withMessage(answer.form, command, message) } : answer
      }),

    /** Records that a message is to be kept for the timeline; nothing outside an incident's channel. */
    markMessage: async (
      marked: { message: MessagePlace; mark: string; text?: string; author?: string },
      { person, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(marked.message.channel)
      if (!incident || !(await permissions.mayAct(person))) return
      await record.change(incident.id, (state) => markMessage(state, marked, { by: person, at: now() }), once)
    },

    /** Records that somebody removed their mark from a message. */
    unmarkMessage: async (
      marked: { message: MessagePlace; mark: string },
      { person, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(marked.message.channel)
      if (!incident || !(await permissions.mayAct(person))) return
      await record.change(incident.id, (state) => unmarkMessage(state, marked, { by: person, at: now() }), once)
    },

    /** Keeps what a person wrote in an incident's channel, without secrets, where muster.yaml says so. */
    messageWritten: async (message: ChannelMessage): Promise<void> => {
      if (keepMessages === 'none') return
      const incident = await store.byChannel(message.channel)
      if (!incident || !keepsMessages(keepMessages, incident)) return
      await store.messages.keep(incident.id, { ...message, text: mask(message.text) })
    },

    /** Follows an edit of a message on the timeline, or its deletion (without `text`), which removes a kept one, too. */
    messageChanged: async (
      { message, text }: { message: MessagePlace; text?: string },
      { person, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(message.channel)
      if (!incident) return
      if (text === undefined && keepsMessages(keepMessages, incident)) await store.messages.remove(incident.id, message)
      if (!incident.kept?.some(({ ts }) => ts === message.ts)) return
      const act = { by: person, at: now() }
      const decide = (state: Incident) =>
        text === undefined ? followDeletion(state, { message }, act) : followEdit(state, { message, text }, act)
      await record.change(incident.id, decide, once)
    },

    /** Records who joined late and needs a briefing, and who is a member of a private incident's channel. */
    memberChanged: async (
      { member, joined }: { member: string; joined: boolean },
      { person, channel, once }: Speaker,
    ): Promise<void> => {
      const incident = await store.byChannel(channel)
      if (!incident) return
      const act = { by: person, at: now() }
      const decide = (state: Incident) =>
        joined
          ? [...memberJoined(state, { member }, act), ...joinedLate(state, { member }, act)]
          : memberLeft(state, { member }, act)
      await record.change(incident.id, decide, once)
    },

    /** Offers to freeze the panel that a posted message links to. Undefined outside an incident's channel. */
    offerToFreeze: async (text: string, channel: string): Promise<Reply | undefined> => {
      const link = panelLinkIn(text, grafana)
      const incident = link && (await store.byChannel(channel))
      return link && incident ? freezeOffer(incident, link) : undefined
    },
  }
}

export type Conversation = ReturnType<typeof createConversation>

/** A failed name look-up must not prevent a declaration: the id is used instead. */
const withNames = async (text: string, nameOf: (person: string) => Promise<string>): Promise<string> => {
  const phrases = typed(text)
  const people = phrases.flatMap((phrase) => ('person' in phrase ? [phrase.person] : []))
  const names = new Map<string, string>()
  await Promise.all(people.map(async (id) => names.set(id, await nameOf(id).catch(() => id))))
  return plain(phrases, (id) => names.get(id) ?? id)
}
