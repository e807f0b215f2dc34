import type { Core } from './core.ts'

/** What people type as Slack keeps it: mentions become ids, and the signs of its own markup are escaped. */
export const escaped = ({ workspace }: Core, text: string): string =>
  escapeSigns(text)
    .replace(/(?<![\w<])@([a-z0-9._-]*[a-z0-9])/g, (typed, handle: string) => {
      const person = [...workspace.people.values()].find(({ name }) => name === handle)
      const group = workspace.groups.find((candidate) => candidate.handle === handle)
      return person ? `<@${person.id}>` : group ? `<!subteam^${group.id}>` : typed
    })
    .replace(/(?<![\w<&])#([a-z0-9_-]+)/g, (typed, name: string) => {
      const channel = workspace.findChannel(name)
      return channel ? `<#${channel.id}|${channel.name}>` : typed
    })

/** The text of a command as the app gets it: with names beside ids when the manifest asks for it, else plain. */
export const commandText = (core: Core, text: string, shouldEscape: boolean): string => {
  const { people, channels } = core.workspace
  return escaped(core, text)
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (mention, id: string) => {
      const name = people.get(id)?.name
      if (name === undefined) return mention
      return shouldEscape ? `<@${id}|${name}>` : `@${name}`
    })
    .replace(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, (mention, id: string) => {
      const name = channels.get(id)?.name
      if (name === undefined) return mention
      return shouldEscape ? `<#${id}|${name}>` : `#${name}`
    })
}

/** Mentions and links already in Slack's notation stay as they are. */
const escapeSigns = (text: string): string =>
  text
    .split(/(<(?:[@#!]|https?:\/\/|mailto:)[^<>]*>|&(?:amp|lt|gt);)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    )
    .join('')
