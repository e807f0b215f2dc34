import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Act, Declaration } from '../incident/decide.ts'
import { Refusal } from '../incident/errors.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import type { Form, Reply } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { type Phrase, say } from '../incident/phrase.ts'
import type { ProseSection } from '../incident/prose.ts'
import type { Catalogue, Service } from '../incident/service.ts'
import type { Status } from '../incident/status.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'
import type { LearningContext } from './learning.ts'
import type { Wanted } from './permissions.ts'

export { Refusal } from '../incident/errors.ts'
export * from '../incident/phrase.ts'

/** A Grafana that links lead to. */
export type LinkedGrafana = {
  /** Its address, without a path's last slash. */
  base: string
  /** Whether a link leads to one of its panels or dashboards. */
  isOurs(link: string): boolean
}

/** What a sub-command may use. It knows nothing of Slack. */
export type CommandContext = {
  act: Act
  /** Where it was typed. */
  channel: string
  vocabulary: Vocabulary
  /** IANA zone of the person; looked up only when needed. */
  timezone(): Promise<string>
  /** The text with people by name, for places that show no mentions: titles. */
  withNames(text: string): Promise<string>
  /** Opens an incident; the same click or message never opens two. */
  declare(declaration: Declaration): Promise<Incident>
  /** The newest incidents that the person may see. */
  list(statuses?: Status[]): Promise<Incident[]>
  /** An incident by its id; undefined when there is none that the person may see. */
  find(id: string): Promise<Incident | undefined>
  /** Asks the people in a private incident to let this person in; says nothing of whether there is such an incident. */
  requestAccess(id: string): Promise<void>
  /** Addresses of an incident's documents; undefined when Muster has no public address. */
  documents(
    id: string,
  ): { markdown: string; html: string; json: string; pdf: string; status: string; privateStatus: string } | undefined
  /** What people can write in the postmortem of an incident that they may see. */
  sections(id: string): Promise<ProseSection[] | undefined>
  /** Whether muster.yaml names a Git repository for postmortems, and private ones may go there. */
  postmortemsInGit: { private: boolean } | undefined
  /** What past incidents teach, as far as the person may see them. */
  learning: LearningContext
  /** Whether a pager is configured. */
  canPage: boolean
  /** Draws who calls whom; undefined without Prometheus. */
  callGraphs:
    | {
        /** By direct message, in a moment; false when too many are being drawn already. */
        send(person: string, service: string): boolean
      }
    | undefined
  /** Names of the connected sources of graphs and logs. */
  evidenceSources: readonly string[]
  /** The Grafana whose panels can be frozen; undefined where none is connected. */
  grafana: LinkedGrafana | undefined
  commands(): readonly Command[]
  /** Pauses automatic incidents and paging, and resumes them. */
  pause: {
    pause(wanted: { minutes: number; reason: string; by: string }): Promise<{ until: number; announced: boolean }>
    resume(by: string): Promise<boolean>
  }
}

/** In an incident's channel there is an incident to act on. */
export type IncidentContext = CommandContext & {
  incident: Incident
  /** Decides on the newest state and appends. */
  change(decide: (incident: Incident) => IncidentEvent[]): Promise<{ incident: Incident; events: RecordedEvent[] }>
  /** The log, oldest first: only the newest so many (`last`), those before a number, those of some types. */
  events(part?: { last?: number; before?: number; types?: readonly string[] }): Promise<RecordedEvent[]>
}

/** One line goes to the person who typed the command; a reply says where else. */
export type CommandReply = Phrase[] | Reply

type Definition<Input extends z.ZodType, Context> = {
  /** One line for the list of commands. */
  summary: string
  /** `assign <role> <@person|me>`; what is in <> is required. */
  usage: string
  /** Lines to try. */
  examples?: string[]
  aliases?: string[]
  /**
   * It takes an incident as its argument: `merge INC-7` names the other incident, and only of two ids the first one is
   * the incident it acts on.
   */
  argument?: 'incident'
  /** Who may: everybody who may act unless said otherwise; `watch` changes nothing, so guests may, too. */
  permission?: Wanted
  /** From what was typed to the members of the input; without it the whole text is `text`. */
  parse?(text: string, context: Context): unknown | Promise<unknown>
  /** Members of the input, from words or from a form; every message says what to type instead. */
  input: Input
  /**
   * Shown when nothing was typed, or what `opensForm` matches. Throws a Refusal when the command could not be run anyway.
   */
  form?(context: Context, typed: string): Form | Promise<Form>
  /** What stands for a form of the command: `review`, or `edit 2` without saying what to change. */
  opensForm?: RegExp
  run(input: z.output<Input>, context: Context): Promise<CommandReply> | CommandReply
}

/** One sub-command of /incident. Its name is its file's name. */
export type Command = { name: string; where: 'anywhere' | 'incident' } & Definition<z.ZodType, never>

type Exported = Omit<Command, 'name'>

/** A sub-command that acts on the incident whose channel it is typed in. */
export const defineIncidentCommand = <Input extends z.ZodType>(
  definition: Definition<Input, IncidentContext>,
): Exported => ({ ...definition, where: 'incident' }) as unknown as Exported

/** A sub-command that works in every channel. */
export const defineCommand = <Input extends z.ZodType>(definition: Definition<Input, CommandContext>): Exported =>
  ({ ...definition, where: 'anywhere' }) as unknown as Exported

/** A reply that everybody in the channel sees. */
export const toChannel = (...lines: Phrase[][]): Reply => ({ lines, to: 'channel' })
/** A reply of several lines for the person who typed the command. */
export const toYou = (...lines: Phrase[][]): Reply => ({ lines, to: 'you' })

/** Replies that the change was made, or that nothing had to change; the text that came with it is recorded either way. */
export const changedOr = (events: IncidentEvent[], done: Phrase[], already: Phrase[]): Phrase[] => {
  if (events.some(({ type }) => type !== 'noted')) return done
  return events.length > 0 ? [...already, ...say` What you wrote is on the timeline.`] : already
}

/** A form for something that would change nothing is refused before it opens. */
export const refuseUnchanged = (events: IncidentEvent[], already: string): void => {
  if (events.length === 0) throw new Refusal(already)
}

/** A text that may accompany a change. */
export const optionalText = z.string().max(3000, 'keep it under 3,000 characters').nullish()

/** The name of a severity, role or service; one that the operator has not named keeps its id. */
export const nameIn = (list: readonly { id: string; name: string }[], id: string): string =>
  list.find((one) => one.id === id)?.name ?? id

/** The service that a person means by an id, a name or an alias. */
export const serviceCalled = (catalogue: Catalogue, wanted: string): Service | undefined =>
  [...catalogue.values()].find(({ id, name, aliases }) =>
    [id, name, ...aliases].some((one) => one.toLowerCase() === wanted.trim().toLowerCase()),
  )

/** Splits text at white space. */
export const words = (text: string): string[] => text.split(/\s+/).filter(Boolean)
/** The first word and the rest, line breaks in the rest kept. */
export const firstWord = (text: string): [first: string, rest: string] => {
  const match = /^\s*(\S+)\s*([\s\S]*)$/.exec(text)
  return match ? [match[1] as string, (match[2] as string).trim()] : ['', '']
}

/** A person as Slack writes a mention. Plain names would need a look at every member of the workspace. */
export const Mention = z
  .string()
  .regex(/^<@[UW][A-Z0-9]+(\|[^>]*)?>$/, 'mention one person, like @dana')
  .transform((text) => text.replace(/^<@|(\|.*)?>$/g, ''))

const FOLDER = new URL('../../commands/', import.meta.url)

/** Reads the folder: each file is a sub-command. */
export const readCommands = async (): Promise<Command[]> => {
  const files = readdirSync(fileURLToPath(FOLDER)).filter((file) => file.endsWith('.ts'))
  return Promise.all(
    files.sort().map(async (file) => {
      const { default: command } = (await import(new URL(file, FOLDER).href)) as { default: Exported }
      return { ...command, name: file.replace(/\.ts$/, '') }
    }),
  )
}
