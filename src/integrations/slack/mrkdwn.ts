import { shorten } from '../../incident/measure.ts'
import type { Phrase } from '../../incident/phrase.ts'

/** Slack: these three characters start markup; escaped, external text cannot ping anybody. */
export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** A sentence as Slack's mrkdwn. Text is always escaped; only our own phrases become mark-up. */
export const mrkdwn = (phrases: readonly Phrase[]): string => phrases.map(phraseMrkdwn).join('')

const phraseMrkdwn = (phrase: Phrase): string => {
  if ('text' in phrase) return escapeText(phrase.text)
  if ('strong' in phrase) return `*${escapeText(phrase.strong.replaceAll('*', '\u2217'))}*`
  if ('code' in phrase) return `\`${escapeText(phrase.code.replaceAll('`', "'"))}\``
  if ('person' in phrase) return `<@${phrase.person}>`
  if ('channel' in phrase) return `<#${phrase.channel}>`
  if ('link' in phrase) return linkMrkdwn(phrase.link, phrase.label)
  return dateMrkdwn(phrase.time)
}

/** Only web addresses become links; anything else stays text. */
export const linkMrkdwn = (url: string, label: string): string =>
  /^https?:\/\//i.test(url)
    ? `<${escapeText(url).replaceAll('|', '%7C')}|${escapeText(label).replaceAll('|', '\u00a6')}>`
    : escapeText(label)

/** An instant in each reader's own zone; the fallback is UTC. */
export const dateMrkdwn = (at: number): string =>
  `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC>`

/**
 * Converts Slack's encoding of typed text to plain text: entities decoded, channels and links readable. Mentions of
 * people are kept in Slack's format.
 */
export const fromSlack = (text: string): string =>
  text
    .replace(/<#([CG][A-Z0-9]+)(?:\|([^>]*))?>/g, (_whole, id: string, name?: string) => `#${name || id}`)
    .replace(/<(https?:[^|>]+)(?:\|([^>]*))?>/g, (_whole, url: string, label?: string) =>
      label && label !== url ? `${label} (${url})` : url,
    )
    .replace(/<mailto:[^|>]+\|([^>]*)>/g, '$1')
    .replace(/<@([UW][A-Z0-9]+)\|[^>]*>/g, '<@$1>')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

/** A mrkdwn text of at most `length` characters; cut inside a mark-up, that mark-up goes too. */
export const cutMrkdwn = (text: string, length: number): string => {
  if (text.length <= length) return text
  const cut = shorten(text, length)
  const open = cut.lastIndexOf('<')
  return open > cut.lastIndexOf('>') ? `${cut.slice(0, open)}\u2026` : cut.replace(/&[a-z]{0,4}\u2026$/, '\u2026')
}
