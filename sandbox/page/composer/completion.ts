import type { SubcommandView } from '../../control-api.ts'
import type { WorkspaceView } from '../../slack/client-api.ts'
import { findEmoji } from '../text/emoji.ts'

/** A suggestion: how it is displayed, and the text it inserts. */
export type Suggestion = { id: string; sign: string; name: string; note: string; insert: string }

/** Suggestions and the range of text they replace. */
export type Completion = { from: number; to: number; suggestions: Suggestion[] }

type Known = Pick<WorkspaceView, 'commands' | 'people' | 'groups' | 'conversations'> & { subcommands: SubcommandView[] }

const LIMIT = 12

/** The completion at the cursor; undefined when there is none. */
export function complete(text: string, cursor: number, known: Known): Completion | undefined {
  const before = text.slice(0, cursor)
  const offer = (typed: string, suggestions: Suggestion[]): Completion | undefined =>
    suggestions.length === 0
      ? undefined
      : { from: cursor - typed.length, to: cursor, suggestions: suggestions.slice(0, LIMIT) }

  const command = /^\/[\w-]*$/.exec(before)
  if (command) return offer(before, commandsLike(before, known))

  const subcommand = /^(\/[\w-]+) +([\w-]*)$/.exec(before)
  if (subcommand) return offer(subcommand[2] ?? '', subcommandsLike(subcommand[1] ?? '', subcommand[2] ?? '', known))

  const word = /(?:^|[\s(])([@#:][\p{L}\p{N}._+-]*)$/u.exec(before)?.[1]
  if (word === undefined) return undefined
  if (word.startsWith('@')) return offer(word, peopleLike(word.slice(1), known))
  if (word.startsWith('#')) return offer(word, channelsLike(word.slice(1), known))
  return word.length < 3 ? undefined : offer(word, emojiLike(word.slice(1)))
}

/** The sub-command being typed, to show its usage. */
export function usageOf(text: string, { subcommands }: Known): SubcommandView | undefined {
  const [, command, name] = /^(\/[\w-]+) +([\w-]+) /.exec(text) ?? []
  return subcommands.find((one) => one.name === name && one.command === command)
}

const commandsLike = (typed: string, { commands }: Known) =>
  commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usageHint }) => ({
      id: command,
      sign: '/',
      name: `${command.slice(1)} ${usageHint}`.trim(),
      note: description,
      insert: `${command} `,
    }))

const subcommandsLike = (command: string, typed: string, { subcommands }: Known) =>
  subcommands
    .filter((one) => one.command === command && one.name.startsWith(typed))
    .map(({ name, usage, summary }) => ({
      id: name,
      sign: '/',
      name: usage || name,
      note: summary,
      insert: `${name} `,
    }))

/** Whether any word of a name starts with the typed text. */
const isLike = (typed: string, name: string) =>
  name
    .toLowerCase()
    .split(/[\s.-]+/)
    .some((part) => part.startsWith(typed.toLowerCase()))

const peopleLike = (typed: string, { people, groups }: Known) => [
  ...people
    .filter(({ name, realName }) => isLike(typed, `${name} ${realName}`) || name.startsWith(typed.toLowerCase()))
    .map(({ id, name, realName, title }) => ({
      id,
      sign: '@',
      name: realName,
      note: title || name,
      insert: `@${name} `,
    })),
  ...groups
    .filter(({ handle, name }) => isLike(typed, `${handle} ${name}`) || handle.startsWith(typed.toLowerCase()))
    .map(({ id, handle, name }) => ({ id, sign: '@', name: handle, note: name, insert: `@${handle} ` })),
]

const channelsLike = (typed: string, { conversations }: Known) =>
  conversations
    .filter(({ kind, name, archived }) => kind !== 'dm' && !archived && name.includes(typed.toLowerCase()))
    .map(({ id, name, topic }) => ({ id, sign: '#', name, note: topic, insert: `#${name} ` }))

const emojiLike = (typed: string) =>
  findEmoji(typed, LIMIT).map(({ name, character }) => ({
    id: name,
    sign: character,
    name: `:${name}:`,
    note: '',
    insert: `:${name}: `,
  }))
