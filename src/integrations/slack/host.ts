import type { MessagePlace } from '../../incident/event.ts'
import type { Answer } from '../../incident/form.ts'
import type { Incident } from '../../incident/incident.ts'

/** Who did something, and where. */
export type Doer = {
  person: string
  channel: string
  /** The same for a repeated delivery, so that it is recorded once. */
  once: string
}

/** What Slack needs of the rest of Muster. Everything here is recorded when the promise resolves. */
export type Host = {
  /** What was typed after `/incident`, or the value of a button. */
  command(text: string, doer: Doer): Promise<Answer>
  submit(command: string, values: Record<string, unknown>, doer: Doer, incident?: string): Promise<Answer>
  /** A message that somebody marked for the timeline; `text` is Slack's, when the mark came with it. */
  markMessage(marked: { message: MessagePlace; text?: string; author?: string }, doer: Doer): Promise<void>
  openIncidents(): Promise<Incident[]>
}
