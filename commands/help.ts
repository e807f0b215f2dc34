import { z } from 'zod'
import { code, defineCommand, type Phrase, say, strong, toYou } from '../src/conversation/command.ts'
import { shorten } from '../src/incident/measure.ts'

export default defineCommand({
  summary: 'List all commands, or explain one',
  usage: 'help [command]',
  examples: ['help', 'help note'],
  permission: 'watch',
  aliases: ['?'],
  input: z.object({ text: z.string() }),
  run({ text }, { commands }) {
    const wanted = text.trim().toLowerCase()
    const one = commands().find(({ name, aliases }) => name === wanted || aliases?.includes(wanted))
    if (one)
      return toYou(
        say`${strong(one.summary)}: ${code(`/incident ${one.usage}`)}`,
        ...(one.examples ?? []).map((example) => say`For example: ${code(`/incident ${example}`)}`),
        ...(one.aliases?.length ? [say`Also: ${one.aliases.join(', ')}`] : []),
      )
    const unknown = wanted
      ? [say`There is no ${code(`/incident ${shorten(wanted, 60)}`)}. These are all commands:`]
      : []
    const lines = (where: string): Phrase[][] =>
      commands()
        .filter((command) => command.where === where)
        .map(({ usage, summary }) => say`${code(`/incident ${usage}`)} ${summary}`)
    return toYou(
      ...unknown,
      say`${strong('Anywhere')}`,
      ...lines('anywhere'),
      say`${strong("In an incident's channel")}`,
      ...lines('incident'),
      say`${code('/inc')} is the same as ${code('/incident')}.`,
    )
  },
})
