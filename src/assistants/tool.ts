import type { z } from 'zod'
import type { Incident } from '../incident/incident.ts'
import type { Service } from '../incident/service.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'
import type { Learning } from '../learning/learning.ts'
import type { Postmortems } from '../postmortem/postmortem.ts'
import type { Store } from '../store/store.ts'

/** Somebody on call, as the pager reports it. */
export type OnCallPerson = { name: string; level: number; schedule?: string; until?: number }

/** A note to write down; `once` names it, so that a repeated call records it once. */
export type NoteToAdd = {
  incident: string
  text: string
  /** When it happened, epoch ms; now when not given. */
  time?: number | undefined
  client?: string | undefined
  /** The Slack user id of the person the assistant works for. */
  user?: string | undefined
  once: string
}

/** Everything that tools can read, and the one thing they may write. */
export type Sources = {
  store: Pick<Store, 'read' | 'list' | 'events' | 'messages' | 'snapshot' | 'frozenCase'>
  learning: Pick<Learning, 'similar' | 'find' | 'unindexed'> & { playbooks: Pick<Learning['playbooks'], 'offer'> }
  postmortems: Pick<Postmortems, 'markdown'>
  vocabulary: Vocabulary
  /** The name of a person; their id where it is unknown. */
  nameOf(person: string): Promise<string>
  /** Who is on call for a service of the catalogue; absent when no pager is connected. */
  onCall?: ((service: Service, signal: AbortSignal) => Promise<OnCallPerson[]>) | undefined
  /** Absent unless the operator allows notes. @returns false when the same note was recorded before. */
  addNote?: ((note: NoteToAdd) => Promise<boolean>) | undefined
}

/** One call of a tool. */
export type ToolContext = {
  sources: Sources
  /** Slack user id of the person the assistant works for: it reads the private incidents they belong to. */
  user?: string | undefined
  /** The client's own name, if it sent one. */
  client?: string | undefined
  signal: AbortSignal
}

/**
 * One tool. A text is returned as it is; anything else becomes JSON. Mentions (`<@U...>`) become names, secrets are
 * masked and long texts cut for every tool in one place: `presented`.
 */
export type Tool<Input extends z.ZodObject = z.ZodObject> = {
  name: string
  title: string
  /** For the model: what it returns, when to use it, and which tool to call next. */
  description: string
  input: Input
  /** It changes something; everything else only reads. */
  writes?: boolean
  /** @throws Refusal with a sentence that names the alternative. */
  run(input: z.infer<Input>, context: ToolContext): Promise<string | object>
}

/** Type-checks a tool at its definition; its input is validated by its schema before it runs. */
export const defineTool = <Input extends z.ZodObject>(tool: Tool<Input>): Tool => tool as unknown as Tool

/** May the assistant read this incident? A private one only when the person it works for belongs to it. */
export const mayRead = (incident: Incident, user: string | undefined): boolean =>
  !incident.private || (user !== undefined && incident.people.includes(user))
