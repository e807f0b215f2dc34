import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Act, Declaration } from '../incident/decide.ts'
import { Refusal } from '../incident/errors.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import type { Answer, Form, Reply } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { code, type Phrase, say } from '../incident/phrase.ts'
import type { Catalogue } from '../incident/service.ts'
import type { Role, Severity } from '../incident/status.ts'

export { Refusal } from '../incident/errors.ts'
export * from '../incident/phrase.ts'

/** What an incident is called and who plays which part: the operator's words. */
export type Vocabulary = {
  severities: readonly Severity[]
  roles: readonly Role[]
  catalogue: Catalogue
}

/** What a sub-command may use. It knows nothing of Slack. */
export type CommandContext = {
  act: Act
  /** Where it was typed. */
  channel: string
  vocabulary: Vocabulary
  /** IANA zone of the person, asked for only when needed. */
  timezone(): Promise<string>
  /** What was typed with people by their names, for places that show no mentions: titles. */
  inWords(text: string): Promise<string>
  /** Opens an incident; the same click or message never opens two. */
  declare(declaration: Declaration): Promise<Incident>
  list(statuses?: string[]): Promise<Incident[]>
  /** Addresses of an incident's documents; undefined when Muster has no public address. */
  documents(id: string): { markdown: string; html: string; json: string } | undefined
  /** Whether somebody can be woken from here. */
  canPage: boolean
  commands(): readonly Command[]
  /** The plug to pull. */
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
  events(): Promise<RecordedEvent[]>
}

/** A sentence goes to the person who asked; a reply says where else. */
export type CommandReply = Phrase[] | Reply

type Definition<Input extends z.ZodType, Context> = {
  /** One line for the list of commands. */
  summary: string
  /** `assign <role> <@person|me>`; what is in <> must be given. */
  usage: string
  /** Lines to try. */
  examples?: string[]
  aliases?: string[]
  /** From what was typed to the members of the input; without it the whole text is `text`. */
  parse?(text: string, context: Context): unknown | Promise<unknown>
  /** Members of the input, from words or from a form; messages say what to type instead. */
  input: Input
  /** Asked when nothing was typed. */
  form?(context: Context): Form | Promise<Form>
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
/** A reply of several lines for the person who asked. */
export const toYou = (...lines: Phrase[][]): Reply => ({ lines, to: 'you' })

/** The answer to a change: that it was made, or that it was so already; the words that came with it are kept either way. */
export const changedOr = (events: IncidentEvent[], done: Phrase[], already: Phrase[]): Phrase[] => {
  if (events.some(({ type }) => type !== 'noted')) return done
  return events.length > 0 ? [...already, ...say` What you wrote is on its timeline.`] : already
}

/** Splits what was typed at white space. */
export const words = (text: string): string[] => text.split(/\s+/).filter(Boolean)
/** The first word and the rest, line breaks in the rest kept. */
export const firstWord = (text: string): [first: string, rest: string] => {
  const match = /^\s*(\S+)\s*([\s\S]*)$/.exec(text)
  return match ? [match[1] as string, (match[2] as string).trim()] : ['', '']
}

/** A person as Slack writes a mention; plain names cannot be resolved without asking everybody's. */
export const Mention = z
  .string()
  .regex(/^<@[UW][A-Z0-9]+(\|[^>]*)?>$/, 'mention one person, like @dana')
  .transform((text) => text.replace(/^<@|(\|.*)?>$/g, ''))

const FOLDER = new URL('../../commands/', import.meta.url)

/** Reads the folder: a file is a sub-command. */
export const readCommands = async (): Promise<Command[]> => {
  const files = readdirSync(fileURLToPath(FOLDER)).filter((file) => file.endsWith('.ts'))
  return Promise.all(
    files.sort().map(async (file) => {
      const { default: command } = (await import(new URL(file, FOLDER).href)) as { default: Exported }
      return { ...command, name: file.replace(/\.ts$/, '') }
    }),
  )
}

/** Who asked, and where. */
export type Asked = {
  context: CommandContext
  /** The incident of a given id, or of the channel when none is given; undefined when there is none to be seen. */
  incidentOf(id?: string): Promise<Omit<IncidentContext, keyof CommandContext> | undefined>
}

/** `resolve INC-42 pool enlarged` acts on INC-42 from anywhere. */
const NAMED = /^(INC-\d+)(?:\s+|$)/i

/** Runs what a person typed after `/incident`. A refusal becomes the reply; anything else travels up. */
export const interpret = async (commands: readonly Command[], text: string, asked: Asked): Promise<Answer> => {
  const [name, given] = firstWord(text)
  if (!name) return interpret(commands, (await asked.incidentOf()) ? 'help' : 'declare', asked)
  const command = find(commands, name)
  if (!command) return answer(unknownCommand(commands, name))
  return answering(async () => {
    const id = command.where === 'incident' ? NAMED.exec(given)?.[1]?.toUpperCase() : undefined
    const rest = id ? given.replace(NAMED, '') : given
    const context = await contextFor(command, asked, id)
    if (!rest && command.form)
      return {
        kind: 'form',
        command: command.name,
        usage: command.usage,
        form: await command.form(context as never),
        ...('incident' in context ? { incident: context.incident.id } : {}),
      }
    const raw = command.parse ? await command.parse(rest, context as never) : { text: rest }
    const input = command.input.safeParse(raw)
    if (!input.success) {
      const problem = input.error.issues.map(({ message }) => message).join('; ')
      return answer(toYou(say`${problem}. Usage: ${code(`/incident ${command.usage}`)}`))
    }
    return answer(await command.run(input.data as never, context as never))
  })
}

/** Runs a sub-command with the values of its form, on the incident it was opened for. */
export const submit = async (
  commands: readonly Command[],
  name: string,
  values: globalThis.Record<string, unknown>,
  asked: Asked,
  incident?: string,
): Promise<Answer> => {
  const command = find(commands, name)
  if (!command) return answer(unknownCommand(commands, name))
  return answering(async () => {
    const context = await contextFor(command, asked, incident)
    const input = command.input.safeParse(values)
    if (!input.success)
      return {
        kind: 'errors',
        errors: Object.fromEntries(input.error.issues.map(({ path, message }) => [String(path[0] ?? ''), message])),
      }
    return answer(await command.run(input.data as never, context as never))
  })
}

/** The name of the command that a text would run, for metrics; `unknown` otherwise. */
export const commandName = (commands: readonly Command[], text: string): string =>
  find(commands, firstWord(text)[0])?.name ?? 'unknown'

const find = (commands: readonly Command[], name: string): Command | undefined => {
  const wanted = name.toLowerCase()
  return commands.find((command) => command.name === wanted || command.aliases?.includes(wanted))
}

const contextFor = async (
  command: Command,
  { context, incidentOf }: Asked,
  id?: string,
): Promise<CommandContext | IncidentContext> => {
  const incident = await incidentOf(id)
  if (incident) return { ...context, ...incident }
  if (id) throw new Refusal(`There is no ${id} that you can see. \`/incident list\` shows the open ones.`)
  if (command.where === 'incident')
    throw new Refusal(
      `\`/incident ${command.name}\` works in an incident's channel. \`/incident list\` shows the open ones, \`/incident declare\` opens one.`,
    )
  return context
}

const answering = async (work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return answer(toYou(quoted(error.message)))
    throw error
  }
}

/** A refusal names commands in backquotes. */
const quoted = (message: string): Phrase[] =>
  message.split('`').flatMap((part, i) => (part === '' ? [] : [i % 2 === 1 ? code(part) : { text: part }]))

const answer = (reply: CommandReply): Answer => ({
  kind: 'reply',
  reply: Array.isArray(reply) ? { lines: [reply], to: 'you' } : reply,
})

const unknownCommand = (commands: readonly Command[], name: string): Reply => {
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])])
  const nearest = names
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const hint =
    nearest && nearest.distance <= Math.max(2, Math.floor(name.length / 3))
      ? say` Did you mean ${code(`/incident ${nearest.candidate}`)}?`
      : []
  return toYou([
    ...say`There is no ${code(`/incident ${name.slice(0, 40)}`)}.`,
    ...hint,
    ...say` ${code('/incident help')} lists what there is.`,
  ])
}

/** Levenshtein distance: how many letters must be added, dropped or replaced. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
