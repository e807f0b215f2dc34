import { distance } from 'fastest-levenshtein'
import { Missing, Refusal } from '../incident/errors.ts'
import type { Answer, Reply } from '../incident/form.ts'
import { capital } from '../incident/measure.ts'
import { code, type Phrase, say, typed } from '../incident/phrase.ts'
import { WORKING_STATUSES } from '../incident/status.ts'
import type { Vocabulary } from '../incident/vocabulary.ts'
import {
  type Command,
  type CommandContext,
  type CommandReply,
  firstWord,
  type IncidentContext,
  toYou,
} from './command.ts'

/** Who typed something, and where. */
export type Request = {
  context: CommandContext
  /** @throws Refusal when this person may not run it with this text; the text of a form is empty. */
  permit(command: Command, typed: string): Promise<void>
  /** The incident with this id, or without one that of the channel; undefined when there is none the person may see. */
  incidentOf(id?: string): Promise<Omit<IncidentContext, keyof CommandContext> | undefined>
}

/** Runs what a person typed after `/incident`. A refusal becomes the reply; any other error propagates. */
export const interpret = async (commands: readonly Command[], text: string, request: Request): Promise<Answer> => {
  const [name, given] = firstWord(expanded(commands, text, request.context.vocabulary))
  if (!name) return interpret(commands, (await request.incidentOf()) ? 'help' : 'declare', request)
  const command = find(commands, name)
  if (!command) return answer(unknownCommand(commands, name))
  return answering(async () => {
    const { id, rest } = namedIncident(command, given)
    await request.permit(command, rest)
    const context = await contextFor(command, request, id)
    if (command.form && (!rest || command.opensForm?.test(rest.trim())))
      return {
        kind: 'form',
        command: command.name,
        usage: command.usage,
        form: await command.form(context as never, rest),
        ...('incident' in context ? { incident: context.incident.id } : {}),
      }
    const raw = command.parse ? await command.parse(rest, context as never) : { text: rest }
    const input = command.input.safeParse(raw)
    if (!input.success) {
      const [problem = ''] = input.error.issues.map(({ message }) => message)
      return answer(toYou([...quoted(capital(problem)), ...say`. Usage: ${code(`/incident ${command.usage}`)}`]))
    }
    return answer(await command.run(input.data as never, context as never))
  })
}

/** The form of a sub-command, even where it would run without input. */
export const openForm = async (commands: readonly Command[], name: string, request: Request): Promise<Answer> => {
  const command = find(commands, name)
  const { form } = command ?? {}
  if (!command || !form) return answer(unknownCommand(commands, name))
  return answering(async () => {
    await request.permit(command, '')
    const context = await contextFor(command, request)
    return {
      kind: 'form',
      command: command.name,
      usage: command.usage,
      form: await form(context as never, ''),
      ...('incident' in context ? { incident: context.incident.id } : {}),
    }
  })
}

/** Runs a sub-command with the values of its form, on the incident it was opened for. */
export const submit = async (
  commands: readonly Command[],
  name: string,
  values: globalThis.Record<string, unknown>,
  request: Request,
  incident?: string,
): Promise<Answer> => {
  const command = find(commands, name)
  if (!command) return answer(unknownCommand(commands, name))
  return answering(async () => {
    await request.permit(command, '')
    const context = await contextFor(command, request, incident)
    const input = command.input.safeParse(values)
    if (!input.success)
      return {
        kind: 'errors',
        errors: Object.fromEntries(
          input.error.issues.map(({ path, message }) => [String(path[0] ?? ''), `${capital(message)}.`]),
        ),
      }
    try {
      return answer(await command.run(input.data as never, context as never))
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      return { kind: 'errors', errors: { [error.field]: error.message.replaceAll('`', '') } }
    }
  })
}

/** The name of the command that a text would run, for metrics; `unknown` otherwise. */
export const commandName = (commands: readonly Command[], text: string, vocabulary: Vocabulary): string =>
  find(commands, firstWord(expanded(commands, text, vocabulary))[0])?.name ?? 'unknown'

/** `mitigated`, `commander me` and `sev1 checkout is down` are what people type; they run `status`, `assign` and `severity`. */
const expanded = (commands: readonly Command[], text: string, { severities, roles }: Vocabulary): string => {
  const [first, rest] = firstWord(text)
  const word = first.toLowerCase()
  if (!word || find(commands, word)) return text
  const isNamed = ({ id, name }: { id: string; name: string }) => id === word || name.toLowerCase() === word
  if (WORKING_STATUSES.some((status) => status === word)) return `status ${word} ${rest}`
  const severity = severities.find(isNamed)
  if (severity) return `severity ${severity.id} ${rest}`
  const role = roles.find(isNamed)
  return role ? `assign ${role.id} ${rest}` : text
}

/** `resolve INC-42 pool enlarged` acts on INC-42 from anywhere. */
const NAMED = /^(INC-\d+)(?:\s+|$)/i

const namedIncident = ({ where, argument }: Command, given: string): { id?: string; rest: string } => {
  const id = where === 'incident' ? NAMED.exec(given)?.[1]?.toUpperCase() : undefined
  const rest = given.replace(NAMED, '')
  // With one id, `merge` takes it as the target; with two, the first is the incident that is merged away.
  return id === undefined || (argument === 'incident' && !NAMED.test(rest)) ? { rest: given } : { id, rest }
}

const find = (commands: readonly Command[], name: string): Command | undefined => {
  const wanted = name.toLowerCase()
  return commands.find((command) => command.name === wanted || command.aliases?.includes(wanted))
}

const contextFor = async (
  command: Command,
  { context, incidentOf }: Request,
  id?: string,
): Promise<CommandContext | IncidentContext> => {
  const incident = await incidentOf(id)
  if (incident) return { ...context, ...incident }
  if (id)
    throw new Refusal(
      `There is no ${id} that you can see. \`/incident list\` shows the open ones; if it is private, \`/incident access ${id}\` asks the people in it to let you in.`,
    )
  if (command.where === 'incident')
    throw new Refusal(
      `\`/incident ${command.name}\` works in an incident's channel, or with the incident's number: \`/incident ${command.name} INC-7\`. \`/incident list\` shows the open ones, \`/incident declare\` opens one.`,
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

/** A refusal names commands in backquotes, and people by their mention. */
const quoted = (message: string): Phrase[] =>
  message.split('`').flatMap((part, i) => (part === '' ? [] : i % 2 === 1 ? [code(part)] : typed(part)))

const answer = (reply: CommandReply): Answer => ({
  kind: 'reply',
  reply: Array.isArray(reply) ? { lines: [reply], to: 'you' } : reply,
})

const unknownCommand = (commands: readonly Command[], name: string): Reply => {
  const wanted = name.toLowerCase()
  const [nearest] = commands
    .flatMap((command) => [command.name, ...(command.aliases ?? [])])
    .map((candidate) => ({ candidate, away: distance(wanted, candidate) }))
    .sort((a, b) => a.away - b.away)
  const hint =
    nearest && nearest.away <= Math.max(2, Math.floor(name.length / 3))
      ? say` Did you mean ${code(`/incident ${nearest.candidate}`)}?`
      : []
  return toYou([
    ...say`There is no ${code(`/incident ${name.slice(0, 40)}`)}.`,
    ...hint,
    ...say` ${code('/incident help')} lists all commands.`,
  ])
}
