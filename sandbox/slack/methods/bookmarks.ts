import { type Arguments, optional, required } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import { refuse } from '../refusal.ts'
import type { Bookmark, Channel } from '../state.ts'
import { openChannelArgument } from './lookup.ts'

const mostBookmarks = 100

/** Channel bookmarks. */
export const bookmarkMethods: Methods = {
  'bookmarks.add': (args, core) => {
    const channel = openChannelArgument(args, core, 'channel_id')
    if (required(args, 'type') !== 'link') return refuse('invalid_bookmark_type')
    if (channel.bookmarks.length >= mostBookmarks) return refuse('too_many_bookmarks')
    const bookmark: Bookmark = {
      id: core.workspace.newId('Bk'),
      title: title(args) ?? required(args, 'title'),
      link: link(args) ?? refuse('invalid_link'),
      emoji: emoji(args) ?? '',
      created: core.workspace.seconds(),
      updated: 0,
      by: core.workspace.app.botUser,
    }
    channel.bookmarks.push(bookmark)
    core.workspace.emit({ type: 'channel_changed', channel })
    return { bookmark: bookmarkJson(core, channel, bookmark) }
  },

  'bookmarks.edit': (args, core) => {
    const { channel, bookmark } = found(args, core)
    Object.assign(bookmark, {
      title: title(args) ?? bookmark.title,
      link: link(args) ?? bookmark.link,
      emoji: emoji(args) ?? bookmark.emoji,
      updated: core.workspace.seconds(),
    })
    core.workspace.emit({ type: 'channel_changed', channel })
    return { bookmark: bookmarkJson(core, channel, bookmark) }
  },

  'bookmarks.list': (args, core) => {
    const channel = openChannelArgument(args, core, 'channel_id')
    return { bookmarks: channel.bookmarks.map((bookmark) => bookmarkJson(core, channel, bookmark)) }
  },

  'bookmarks.remove': (args, core) => {
    const { channel, bookmark } = found(args, core)
    channel.bookmarks = channel.bookmarks.filter((other) => other !== bookmark)
    core.workspace.emit({ type: 'channel_changed', channel })
    return {}
  },
}

const found = (args: Arguments, core: Core) => {
  const channel = openChannelArgument(args, core, 'channel_id')
  const id = required(args, 'bookmark_id')
  return { channel, bookmark: channel.bookmarks.find((bookmark) => bookmark.id === id) ?? refuse('not_found') }
}

const title = (args: Arguments): string | undefined => {
  const value = optional(args, 'title')
  return value && value.length > 256 ? refuse('invalid_title') : value
}

const link = (args: Arguments): string | undefined => {
  const value = optional(args, 'link')
  if (value === undefined) return undefined
  if (value.length > 2048 || !/^https?:\/\//.test(value) || !URL.canParse(value)) return refuse('invalid_link')
  return value
}

const emoji = (args: Arguments): string | undefined => {
  const value = optional(args, 'emoji')
  return value !== undefined && !/^:[a-z0-9_+'-]+:$/.test(value) ? refuse('invalid_emoji') : value
}

const bookmarkJson = ({ workspace }: Core, channel: Channel, bookmark: Bookmark) => ({
  id: bookmark.id,
  channel_id: channel.id,
  title: bookmark.title,
  link: bookmark.link,
  emoji: bookmark.emoji,
  icon_url: null,
  type: 'link',
  entity_id: null,
  date_created: bookmark.created,
  date_updated: bookmark.updated,
  rank: 'g',
  last_updated_by_user_id: bookmark.by,
  last_updated_by_team_id: workspace.team.id,
  app_id: null,
})
