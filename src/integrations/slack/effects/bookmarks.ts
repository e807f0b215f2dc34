import { callLink } from '../../../incident/call-link.ts'
import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { Incident } from '../../../incident/incident.ts'
import { shorten } from '../../../incident/measure.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import type { BoundedSlack } from '../client.ts'

/** Slack: a bookmark's title at most 256 characters; its link http or https, at most 2,048. */
const TITLE_CHARACTERS = 256
const LINK_CHARACTERS = 2_048
const DASHBOARDS = 2

export type BookmarkOptions = {
  slack: BoundedSlack
  now: () => number
  words: Vocabulary
  /** Addresses of an incident's documents, when Muster has a public one. */
  documents(id: string): { html: string } | undefined
}

export const bookmarkEffects = ({ slack, now, words, documents }: BookmarkOptions) => {
  const add_bookmarks: EffectHandler<'add_bookmarks'> = async (_effect, { incident, attempt, signal }) => {
    const { channel } = incident
    if (!channel) return []
    // Only a second attempt can find what the first one added, and then it adds only the rest. They are recognized by
    // their titles: a signed link differs every time.
    const there = attempt > 1 ? await titlesIn(slack, channel.id, signal) : []
    const missing = bookmarksOf(incident, words, documents(incident.id)?.html)
      .map(({ title, ...rest }) => ({ ...rest, title: shorten(title, TITLE_CHARACTERS) }))
      .filter(({ title }) => !there.includes(title))
    for (const { title, link, emoji } of missing) {
      const bookmark = { title, type: 'link', link, emoji }
      await slack.call('bookmarks.add', { channel_id: channel.id, ...bookmark }, signal)
    }
    const text = `${missing.length + there.length}`
    return [{ by: 'slack', at: now(), type: 'step_done', step: 'bookmarks', text }]
  }
  return { add_bookmarks }
}

const titlesIn = async (slack: BoundedSlack, channel: string, signal: AbortSignal): Promise<string[]> => {
  type Answer = { bookmarks: { title: string }[] }
  const { bookmarks } = await slack.call<Answer>('bookmarks.list', { channel_id: channel }, signal)
  return bookmarks.map(({ title }) => title)
}

const bookmarksOf = (incident: Incident, { catalogue, call: template }: Vocabulary, html: string | undefined) => {
  const { service: id, alert } = incident
  const call = callLink(template, incident)
  const service = catalogue.get(id ?? '')
  const runbook = service?.runbook ?? alert?.runbookUrl
  return [
    ...(call ? [{ title: 'Call', link: call, emoji: ':telephone_receiver:' }] : []),
    ...(alert?.url ? [{ title: 'Alert', link: alert.url, emoji: ':rotating_light:' }] : []),
    ...(runbook ? [{ title: 'Runbook', link: runbook, emoji: ':green_book:' }] : []),
    ...(service?.dashboards ?? [])
      .slice(0, DASHBOARDS)
      .flatMap(({ title, url }) => (url ? [{ title, link: url, emoji: ':bar_chart:' }] : [])),
    ...(html ? [{ title: 'Timeline and postmortem', link: html, emoji: ':memo:' }] : []),
  ].filter(({ link }) => /^https?:\/\//.test(link) && link.length <= LINK_CHARACTERS)
}
