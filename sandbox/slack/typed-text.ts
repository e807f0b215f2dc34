import type { Core } from './core.ts'

/** Converts typed text to Slack's markup: mentions become ids, and `&`, `<` and `>` are toMarkup. */
export const toMarkup = ({ workspace }: Core, text: string): string =>
  escapeMarkup(text)
    .replace(/(?<![\w<])@([a-z0-9._-]*[a-z0-9])/g, (typed, handle: string) => {
      const person = [...workspace.people.values()].find(({ name }) => name === handle)
      const group = workspace.groups.find((candidate) => candidate.handle === handle)
      return person ? `<@${person.id}>` : group ? `<!subteam^${group.id}>` : typed
    })
    .replace(/(?<![\w<&])#([a-z0-9_-]+)/g, (typed, name: string) => {
      const channel = workspace.findChannel(name)
      return channel ? `<#${channel.id}|${channel.name}>` : typed
    })

/** A command's text as sent to the app: mentions with ids if the manifest sets `should_escape`, otherwise plain names. */
export const commandText = (core: Core, text: string, shouldEscape: boolean): string => {
  const { people, channels } = core.workspace
  return toMarkup(core, text)
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

/** Leaves mentions and links that are already in Slack's markup alone. */
const escapeMarkup = (text: string): string =>
  text
    .split(/(<(?:[@#!]|https?:\/\/|mailto:)[^<>]*>|&(?:amp|lt|gt);)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    )
    .join('')
