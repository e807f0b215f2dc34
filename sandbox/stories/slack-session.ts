import type { ConversationView, MessageView, WorkspaceView } from '../slack/client-api.ts'

/** What one person sees in Slack, asked for at the moment they act. */
export type SlackSession = {
  /** Their own user id. */
  me: string
  workspace(): Promise<WorkspaceView>
  messages(channel: string): Promise<MessageView[]>
  /** The story's incident channel, `inc-*`; waits a little for one to be made. Undefined when none appears. */
  incidentChannel(): Promise<ConversationView | undefined>
  /** The same, as it is now. */
  incidentChannelNow(): Promise<ConversationView | undefined>
}

/** Which incident channel a story is about, shared by everybody in it. */
export type StoryChannels = {
  /** Channels that were there before the story began. */
  older: ReadonlySet<string>
  channel?: string
}

type Options = {
  /** The fake Slack's address. */
  url: string
  /** The user id to look as. */
  as: string
  fetch?: typeof globalThis.fetch
  /** Real milliseconds to wait between looks. */
  sleep: (ms: number) => Promise<void>
  /** The incident channel of the story, once somebody has found it: people stay with the incident they began with. */
  memory: StoryChannels
  /** How long to wait for an incident channel, in real milliseconds. */
  patienceMs?: number
}

/** A person's eyes, over the fake Slack's sandbox interface. */
export const openSlackSession = ({
  url,
  as,
  fetch = globalThis.fetch,
  sleep,
  memory,
  patienceMs = 10_000,
}: Options): SlackSession => {
  const ask = async <T>(path: string): Promise<T> => {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(10_000) })
    if (!response.ok) throw new Error(`GET ${path} at the sandbox Slack answered ${response.status}`)
    // The shapes are the fake Slack's own contract, kept by the compiler on its side.
    return (await response.json()) as T
  }
  const workspace = () => ask<WorkspaceView>(`/sandbox/workspace?as=${as}`)
  const incidentChannelNow = async () => {
    const open = incidentChannels((await workspace()).conversations)
    const found = open.find(({ id }) => id === memory.channel) ?? open.find(({ id }) => !memory.older.has(id))
    if (found) memory.channel = found.id
    return found
  }
  return {
    me: as,
    workspace,
    incidentChannelNow,
    messages: (channel) => ask<MessageView[]>(`/sandbox/messages?as=${as}&channel=${channel}`),
    async incidentChannel() {
      for (let waited = 0; ; waited += 250) {
        const found = await incidentChannelNow()
        if (found || waited >= patienceMs) return found
        await sleep(250)
      }
    },
  }
}

/** Incident channels carry their number in the name: `inc-42-shipping-is-slow`; the highest, the newest, comes first. */
export const incidentChannels = (conversations: ConversationView[]): ConversationView[] =>
  conversations
    .filter(({ name, archived }) => /^inc-/.test(name) && !archived)
    .sort((a, b) => numberIn(b.name) - numberIn(a.name))

const numberIn = (name: string) => Number(/^inc-(\d+)/.exec(name)?.[1] ?? 0)
