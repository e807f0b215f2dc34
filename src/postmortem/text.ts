import { type Phrase, plain } from '../incident/phrase.ts'

/**
 * Text fragments for a document. They stay free of markup until output: a template prints them as Markdown, JSON and
 * every Liquid filter see them as plain text.
 */
export class Sentence {
  readonly phrases: readonly Phrase[]

  constructor(phrases: readonly Phrase[]) {
    this.phrases = phrases
  }

  toString(): string {
    return tidy(plain(this.phrases)).trim()
  }

  toJSON(): string {
    return this.toString()
  }
}

/** Lines shown letter by letter: log lines. Printed as a fenced block that its content cannot close. */
export class Verbatim {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    this.lines = lines
  }

  toString(): string {
    return this.lines.map((line) => tidy(line)).join('\n')
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * Escapes a template's output so that in Markdown it is exactly this text in any position: heading, cell, list, link.
 */
export const markdownOf = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(markdownOf).join(' ')
  if (value instanceof Verbatim) return fenced(value.toString())
  return guarded((value instanceof Sentence ? value.phrases : [{ text: String(value) }]).map(inline).join(''))
}

/** The address in the form a link needs, or undefined unless it is http(s): nothing else is linked in our documents. */
export const webAddress = (address: string | undefined): string | undefined => {
  if (!address || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  const encoded = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return new URL(address).href.replace(/[|()<>[\]`*\\]/g, encoded)
}

const inline = (phrase: Phrase): string => {
  if ('strong' in phrase) return bold(escaped(phrase.strong).trim())
  if ('code' in phrase) return passed(`\`${tidy(phrase.code)}\``, undefined) ?? literal(tidy(phrase.code))
  if (!('link' in phrase)) return escaped(plain([phrase]))
  const address = webAddress(phrase.link)
  return address ? `[${escaped(phrase.label)}](${address.replace(ENTITY, '&amp;')})` : escaped(phrase.label)
}

/** Asterisks around nothing would be a line across the page. */
const bold = (markdown: string): string => (markdown ? `**${markdown}**` : '')

// Control characters, and those that turn the writing direction around for everything after them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(/[\s\u0085]+/g, ' ')

/** An entity begins here: only then does an ampersand mean more than itself. */
const ENTITY = /&(?=#?[a-z0-9]+;)/gi

/**
 * What may pass as mark-up: `code` without anything special in it or a space at its ends, and web addresses, without the punctuation that ends
 * the sentence around them. Slack writes addresses as <address> or <address|label>.
 */
const PASSES =
  /`[^`|\\<>& ](?:[^`|\\<>&]*[^`|\\<>& ])?`|<?https?:\/\/[^\s<>"'`|\\]*[^\s<>"'`|\\.,;:!?()[\]*_~](?:\|([^<>|]*)>|>)?/gi

const CODE = /^`[^`|\\<>& ](?:[^`|\\<>&]*[^`|\\<>& ])?`$/

const escaped = (text: string): string => {
  const clean = tidy(text)
  let markdown = ''
  let last = 0
  for (const match of clean.matchAll(PASSES)) {
    const passing = passed(match[0], match[1])
    if (passing === undefined) continue
    markdown += literal(clean.slice(last, match.index)) + passing
    last = match.index + match[0].length
  }
  return markdown + literal(clean.slice(last))
}

const passed = (match: string, label: string | undefined): string | undefined => {
  if (match.startsWith('`')) return CODE.test(match) ? match : undefined
  const inBrackets = match.startsWith('<')
  // A bracket on one side only is the text's own.
  if (inBrackets !== match.endsWith('>')) return undefined
  const address = webAddress(inBrackets ? match.slice(1, -1).split('|')[0] : match)
  if (!address) return undefined
  // The address stays visible: an external label must not disguise it.
  return label ? `${literal(label)} (<${address}>)` : `<${address}>`
}

/**
 * Only characters that could have a meaning are escaped, so that the Markdown itself reads well: an underscore inside a
 * word and a tilde before one mean nothing.
 */
const literal = (text: string): string =>
  text
    .replace(/[\\`*[\]|]/g, '\\$&')
    .replace(ENTITY, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, '\\_')
    .replace(/(?<=\S)~/g, '\\~')

/** At the beginning of a line more characters mean something, and at the end of a heading a `#`. */
const guarded = (markdown: string): string =>
  markdown
    .trim()
    .replace(/^[#>+=-]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/(?<!\\)#+$/, '\\$&')

const fenced = (text: string): string => {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
