import type { ChannelMessage } from '../../incident/channel-message.ts'
import type { MessagePlace } from '../../incident/event.ts'
import type { Answer, Reply, Speaker } from '../../incident/form.ts'
import type { HomeContent } from '../../incident/home.ts'

/** A message as Slack hands it over with a shortcut. */
export type ShortcutMessage = {
  channel: string
  ts: string
  /** The message it answers, in a thread. */
  thread?: string
  text: string
  author?: string
  link?: string
}

/** What Slack needs of the rest of Muster. Everything here is recorded when the promise resolves. */
export type Host = {
  /** What was typed after `/incident`, or the value of a button. */
  command(text: string, speaker: Speaker): Promise<Answer>
  submit(command: string, values: Record<string, unknown>, speaker: Speaker, incident?: string): Promise<Answer>
  /** A message that somebody marked for the timeline; `text` is Slack's, when the mark included it. */
  markMessage(
    marked: { message: MessagePlace; mark: string; text?: string; author?: string },
    speaker: Speaker,
  ): Promise<void>
  /** Somebody took their mark off. */
  unmarkMessage(marked: { message: MessagePlace; mark: string }, speaker: Speaker): Promise<void>
  /** Somebody wrote a message, or changed its text; `text` is plain, with mentions in Slack's format. */
  messageWritten(message: ChannelMessage): Promise<void>
  /** A message was edited, or without `text` deleted. */
  messageChanged(change: { message: MessagePlace; text?: string }, speaker: Speaker): Promise<void>
  /** A form that begins with what a message says. */
  messageForm(command: 'declare' | 'action', message: ShortcutMessage, speaker: Speaker): Promise<Answer>
  /** Somebody joined or left a channel; the speaker is who brought them in, or they themselves. */
  memberChanged(change: { member: string; joined: boolean }, speaker: Speaker): Promise<void>
  /** Offers to keep the graph that a posted message links to. */
  offerToFreeze(text: string, channel: string): Promise<Reply | undefined>
  /** What this person's Home tab shows. */
  home(person: string): Promise<HomeContent>
}
