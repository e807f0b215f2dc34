import type { MessagePlace } from '../../incident/event.ts'
import type { Answer, Reply, Speaker } from '../../incident/form.ts'
import type { Incident } from '../../incident/incident.ts'

/** What Slack needs of the rest of Muster. Everything here is recorded when the promise resolves. */
export type Host = {
  /** What was typed after `/incident`, or the value of a button. */
  command(text: string, speaker: Speaker): Promise<Answer>
  submit(command: string, values: Record<string, unknown>, speaker: Speaker, incident?: string): Promise<Answer>
  /** A message that somebody marked for the timeline; `text` is Slack's, when the mark came with it. */
  markMessage(marked: { message: MessagePlace; text?: string; author?: string }, speaker: Speaker): Promise<void>
  /** Somebody joined or left a channel; the speaker is who brought them in, or they themselves. */
  memberChanged(change: { member: string; joined: boolean }, speaker: Speaker): Promise<void>
  /** What to offer whoever posted this: to keep the graph it links to. */
  offerToFreeze(text: string, channel: string): Promise<Reply | undefined>
  /** What this person may see, newest first: open incidents, and those that are over. */
  home(person: string): Promise<{ open: Incident[]; over: Incident[] }>
}
