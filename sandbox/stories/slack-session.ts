import type { ConversationView, MessageView, WorkspaceView } from '../slack/client-api.ts'

/** Slack as one person sees it; every call reads the current state. */
export type SlackSession = {
  /** The person's user id. */
  me: string
  workspace(): Promise<WorkspaceView>
  messages(channel: string): Promise<MessageView[]>
  /** The story's incident channel, `inc-*`. Waits for it to be created; undefined when none appears in time. */
  incidentChannel(): Promise<ConversationView | undefined>
  /** The same without waiting. */
  incidentChannelNow(): Promise<ConversationView | undefined>
}

/** Which incident channel is the story's own; shared by all its people. */
export type StoryChannels = {
  /** Ids of the incident channels that existed before the story began. */
  older: ReadonlySet<string>
  /** Id of the story's own incident channel, once it has been found. */
  incident?: string
}

type Options = {
  /** The fake Slack's base URL. */
  url: string
  /** User id. */
  as: string
  fetch?: typeof globalThis.fetch
  /** Waits this many real milliseconds. */
  sleep: (ms: number) => Promise<void>
  channels: StoryChannels
  /** Time limit for the incident channel to appear, in real milliseconds. */
  timeoutMs?: number
}

/** Opens a session over the fake Slack's sandbox API. */
export const openSlackSession = ({
  url,
  as,
  fetch = globalThis.fetch,
  sleep,
  channels,
  timeoutMs = 10_000,
}: Options): SlackSession => {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(10_000) })
    if (!response.ok) throw new Error(`GET ${path} at the sandbox Slack returned ${response.status}`)
    // The fake Slack builds these responses from the same types.
    return (await response.json()) as T
  }
  const workspace = () => get<WorkspaceView>(`/sandbox/workspace?as=${as}`)
  const incidentChannelNow = async () => {
    const open = incidentChannels((await workspace()).conversations)
    const found = open.find(({ id }) => id === channels.incident) ?? open.find(({ id }) => !channels.older.has(id))
    if (found) channels.incident = found.id
    return found
  }
  return {
    me: as,
    workspace,
    incidentChannelNow,
    messages: (channel) => get<MessageView[]>(`/sandbox/messages?as=${as}&channel=${channel}`),
    async incidentChannel() {
      for (let waited = 0; ; waited += 250) {
        const found = await incidentChannelNow()
        if (found || waited >= timeoutMs) return found
        await sleep(250)
      }
    },
  }
}

/** Open incident channels (`inc-42-shipping-is-slow`), highest number first. */
export const incidentChannels = (conversations: ConversationView[]): ConversationView[] =>
  conversations
    .filter(({ name, archived }) => /^inc-/.test(name) && !archived)
    .sort((a, b) => numberIn(b.name) - numberIn(a.name))

const numberIn = (name: string) => Number(/^inc-(\d+)/.exec(name)?.[1] ?? 0)
