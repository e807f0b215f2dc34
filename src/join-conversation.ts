import type { Config } from './config/config.ts'
import { readCommands } from './conversation/command.ts'
import { type ConversationOptions, createConversation } from './conversation/conversation.ts'
import { createPermissions } from './conversation/permissions.ts'
import type { Documents } from './documents.ts'
import type { Pause } from './engine/pause.ts'
import { createHomeContent } from './home-content.ts'
import { maskSecrets } from './incident/secrets.ts'
import { createSlackApp, type SlackApp, type SlackAppOptions } from './integrations/slack/app.ts'
import { createGroups } from './integrations/slack/groups.ts'
import type { People } from './integrations/slack/people.ts'
import type { Integrations } from './integrations.ts'
import type { Learning } from './learning/learning.ts'
import type { Log } from './platform/log.ts'
import type { Store } from './store/store.ts'

export type JoinOptions = Config &
  Pick<ConversationOptions, 'record' | 'metrics' | 'vocabulary' | 'callGraphs'> &
  Pick<SlackAppOptions, 'mode' | 'token' | 'slack'> & {
    store: Store
    people: People
    documents: Documents
    learning: Learning
    pause: Pause
    integrations: Integrations
    /** Epoch ms. */
    now: () => number
    log: Log
  }

/** Joins what people type and click in Slack with the commands, their permissions and the Home tab. */
export const joinConversation = async (options: JoinOptions): Promise<SlackApp> => {
  const { env, file, catalogue, store, record, metrics, vocabulary, callGraphs, mode, token, slack } = options
  const { people, documents, learning, pause, integrations, now, log } = options
  const { pagerduty } = integrations
  const groups = createGroups({ slack, memory: store, now })
  const conversation = createConversation({
    commands: await readCommands(),
    vocabulary,
    store,
    record,
    metrics,
    learning,
    pause,
    callGraphs,
    now,
    // Without their zone, times are read as UTC.
    timezoneOf: async (person) => (await people.personAtOnce(person))?.timezone ?? 'UTC',
    nameOf: async (person) => (await people.personAtOnce(person))?.name ?? person,
    documents: documents.links,
    insightsLink: documents.insightsLink,
    sections: documents.sections,
    postmortemsInGit: file.postmortems.git,
    canPage: pagerduty !== undefined,
    canSummarize: file.assistants.summaries && Boolean(env.SUMMARY_API_URL && env.SUMMARY_MODEL),
    evidenceSources: integrations.evidenceSources.map(({ name }) => name),
    grafana: integrations.grafana?.client,
    keepMessages: file.slack.keepMessages,
    mask: maskSecrets,
    permissions: createPermissions({
      rules: file.permissions,
      knownStanding: people.standingKnown,
      standing: async (person) => (await people.personAtOnce(person))?.standing ?? people.standingKnown(person),
      groupMembers: groups.membersAtOnce,
    }),
  })
  const home = createHomeContent({
    store,
    pause,
    catalogue,
    now,
    onCalls: pagerduty?.onCalls,
    slackIdOf: people.byEmail,
    groupMembers: groups.membersAtOnce,
    insights: learning.insights,
    // Where links to documents are for some people only, the command hands it out.
    insightsLink: file.permissions.export ? () => undefined : documents.insightsLink,
  })
  return createSlackApp({
    mode,
    token,
    apiUrl: env.SLACK_API_URL,
    slack,
    words: vocabulary,
    log,
    host: { ...conversation, home },
    keepReactions: file.slack.keepReactions,
  })
}
