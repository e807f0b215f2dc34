import { z } from 'zod'
import { code, defineCommand, type Phrase, say, strong, toYou } from '../src/conversation/command.ts'

export default defineCommand({
  summary: 'List all commands, or explain one',
  usage: 'help [command]',
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
    const lines = (where: string): Phrase[][] =>
      commands()
        .filter((command) => command.where === where)
        .map(({ usage, summary }) => say`${code(`/incident ${usage}`)} ${summary}`)
    return toYou(
      say`${strong('Anywhere')}`,
      ...lines('anywhere'),
      say`${strong("In an incident's channel")}`,
      ...lines('incident'),
      say`${code('/inc')} is the same as ${code('/incident')}.`,
    )
  },
})
