import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Act, Declaration } from '../incident/decide.ts'
import { Refusal } from '../incident/errors.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import type { Form, Reply } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { shorten } from '../incident/measure.ts'
import { type Phrase, say } from '../incident/phrase.ts'
import type { ProseSection } from '../incident/prose.ts'
import type { Catalogue, Service } from '../incident/service.ts'
import type { Status } from '../incident/status.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'
import type { LearningContext } from './learning.ts'
import type { Wanted } from './permissions.ts'

export { Missing, Refusal } from '../incident/errors.ts'
export * from '../incident/phrase.ts'

/** A Grafana that links point to. */
export type LinkedGrafana = {
  /** Base address, without a trailing slash. */
  base: string
  /** Whether a URL points to one of its panels or dashboards. */
  isOurs(link: string): boolean
}

/** Context passed to every sub-command. It knows nothing of Slack. */
export type CommandContext = {
  act: Act
  /** Where it was typed. */
  channel: string
  vocabulary: Vocabulary
  /** IANA zone of the person; looked up only when needed. */
  timezone(): Promise<string>
  /** The text with mentions replaced by names, for places that do not render mentions, such as titles. */
  withNames(text: string): Promise<string>
  /** Opens an incident; the same click or message never opens two. */
  declare(declaration: Declaration): Promise<Incident>
  /** The newest incidents that the person may see. */
  list(statuses?: Status[]): Promise<Incident[]>
  /** An incident by its id; undefined when there is none, or the person may not see it. */
  find(id: string): Promise<Incident | undefined>
  /** Requests access to a private incident from its members; does not disclose whether such an incident exists. */
  requestAccess(id: string): Promise<void>
  /** Addresses of an incident's documents; undefined when Muster has no public address. */
  documents(
    id: string,
  ): { markdown: string; html: string; json: string; pdf: string; status: string; privateStatus: string } | undefined
  /** The editable postmortem sections of an incident that the person may see. */
  sections(id: string): Promise<ProseSection[] | undefined>
  /** Whether muster.yaml configures a Git repository for postmortems, and private ones may be written there. */
  postmortemsInGit: { private: boolean } | undefined
  /** Knowledge from past incidents, limited to what the person may see. */
  learning: LearningContext
  /** Address of the page of insights; undefined without a public address, or for whom documents are not. */
  insightsPage(): Promise<string | undefined>
  /** Whether a language model may summarize incidents. */
  canSummarize: boolean
  /** Whether a pager is configured. */
  canPage: boolean
  /** Draws who calls whom; undefined without Prometheus. */
  callGraphs:
    | {
        /** Sent by direct message shortly afterwards; false when too many are being drawn already. */
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

/** Commands in an incident's channel have an incident to act on. */
export type IncidentContext = CommandContext & {
  incident: Incident
  /** Decides on the latest state and appends the events. */
  change(decide: (incident: Incident) => IncidentEvent[]): Promise<{ incident: Incident; events: RecordedEvent[] }>
  /** The log, oldest first, optionally limited to the last `last` events, those before a number, or some types. */
  events(part?: { last?: number; before?: number; types?: readonly string[] }): Promise<RecordedEvent[]>
}

/** A one-line reply goes to the person who typed the command; a `Reply` object can say otherwise. */
export type CommandReply = Phrase[] | Reply

type Definition<Input extends z.ZodType, Context> = {
  /** One line for the list of commands. */
  summary: string
  /** `assign <role> <@person|me>`; what is in <> is required. */
  usage: string
  /** Example lines. */
  examples?: string[]
  aliases?: string[]
  /**
   * It takes an incident as its argument: `merge INC-7` names the other incident, and only of two ids the first one is
   * the incident it acts on.
   */
  argument?: 'incident'
  /**
   * Who may run it: everybody who may act, unless set; `watch` changes nothing, so guests may run it, too. A function
   * decides by what was typed after the name; a form counts as nothing typed.
   */
  permission?: Wanted | ((typed: string) => Wanted)
  /** Parses what was typed into the members of the input; without it the whole text is `text`. */
  parse?(text: string, context: Context): unknown | Promise<unknown>
  /** Members of the input, from words or from a form; every message says what to type instead. */
  input: Input
  /**
   * Returned when nothing was typed, or when `opensForm` matches. Throws a Refusal when the command could not be run
   * anyway.
   */
  form?(context: Context, typed: string): Form | Promise<Form>
  /** Text that opens the command's form instead of running it: `review`, or `edit 2` without the new text. */
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

/** Refuses a form for a change that would have no effect before it opens. */
export const refuseUnchanged = (events: IncidentEvent[], already: string): void => {
  if (events.length === 0) throw new Refusal(already)
}

/** Why: what only makes sense with a reason. `example` is what to type. */
export const reason = (example: string) =>
  z
    .string(`say why, like \`${example}\``)
    .trim()
    .min(1, `say why, like \`${example}\``)
    .max(3000, 'keep it under 3,000 characters')

/** What a form says below a choice: when each is the right one, as far as the operator wrote that down. */
export const whenToChoose = (
  choices: readonly { name: string; chooseWhen?: string | undefined }[],
): { hint?: string } => {
  const lines = choices.flatMap(({ name, chooseWhen }) => (chooseWhen ? [`${name}: ${chooseWhen}`] : []))
  return lines.length > 0 ? { hint: shorten(lines.join('\n'), 1900) } : {}
}

/** A text that may accompany a change. */
export const optionalText = z.string().max(3000, 'keep it under 3,000 characters').nullish()

/** The name of a severity, role or service; one that the operator has not named keeps its id. */
export const nameIn = (list: readonly { id: string; name: string }[], id: string): string =>
  list.find((one) => one.id === id)?.name ?? id

/** Resolves a service by id, name or alias. */
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

/** A person as Slack writes a mention. Resolving plain names would need to list every member of the workspace. */
export const Mention = z
  .string()
  .regex(/^<@[UW][A-Z0-9]+(\|[^>]*)?>$/, 'mention one person, like @dana')
  .transform((text) => text.replace(/^<@|(\|.*)?>$/g, ''))

const FOLDER = new URL('../../commands/', import.meta.url)

/** Reads the folder: each file is a sub-command, as TypeScript in a clone, as JavaScript once built. */
export const readCommands = async (): Promise<Command[]> => {
  const files = readdirSync(fileURLToPath(FOLDER)).filter((file) => /\.[jt]s$/.test(file))
  return Promise.all(
    files.sort().map(async (file) => {
      const { default: command } = (await import(new URL(file, FOLDER).href)) as { default: Exported }
      return { ...command, name: file.replace(/\.[jt]s$/, '') }
    }),
  )
}
