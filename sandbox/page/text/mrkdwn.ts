/** Slack's mrkdwn as a tree. Parsing only; `mrkdwn-view.ts` shows it. Rules: docs.slack.dev, "Formatting message text". */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'emoji'; name: string }
  | { kind: 'link'; url: string; label?: string }
  | { kind: 'user' | 'channel' | 'usergroup'; id: string; label?: string }
  | { kind: 'broadcast'; range: string }
  | { kind: 'date'; seconds: number; format: string; link?: string; fallback: string }
  | { kind: 'break' }

export type Paragraph =
  | { kind: 'text'; children: Inline[] }
  | { kind: 'quote'; children: Inline[] }
  | { kind: 'bullet'; mark: string; children: Inline[] }
  | { kind: 'code'; text: string }

/** Slack escapes only these three characters. */
export const unescapeText = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

export function parseMrkdwn(source: string): Paragraph[] {
  return source.split(/```/).flatMap((part, index, parts): Paragraph[] => {
    const isClosed = index < parts.length - 1
    if (index % 2 === 1 && isClosed) return [{ kind: 'code', text: unescapeText(part.replace(/^\n|\n$/g, '')) }]
    const text = index % 2 === 1 ? `\`\`\`${part}` : trimAround(part, index > 0, isClosed)
    return text === '' ? [] : parseLines(text.split('\n'))
  })
}

/** Removes the line breaks next to a code fence. */
const trimAround = (text: string, afterFence: boolean, beforeFence: boolean) => {
  const start = afterFence ? text.replace(/^\n/, '') : text
  return beforeFence ? start.replace(/\n$/, '') : start
}

function parseLines(lines: string[]): Paragraph[] {
  const paragraphs: Paragraph[] = []
  for (const line of lines) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line)
    const bullet = /^\s*([•◦▪-]) +(.+)$/.exec(line)
    const next: Paragraph = quote
      ? { kind: 'quote', children: parseInline(quote[1] ?? '') }
      : bullet
        ? { kind: 'bullet', mark: bullet[1] === '-' ? '–' : (bullet[1] ?? '•'), children: parseInline(bullet[2] ?? '') }
        : { kind: 'text', children: parseInline(line) }
    const last = paragraphs.at(-1)
    if (last && last.kind === next.kind && (next.kind === 'text' || next.kind === 'quote'))
      last.children.push({ kind: 'break' }, ...next.children)
    else paragraphs.push(next)
  }
  return paragraphs
}

const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:|(https?:\/\/[^\s<>|`*"]+)|([*_~])/g
const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const

/** Parses inline markup; line breaks have no meaning here. */
export function parseInline(source: string): Inline[] {
  const nodes: Inline[] = []
  let done = 0
  const say = (text: string) => {
    if (text) nodes.push({ kind: 'text', text: unescapeText(text) })
  }
  const token = new RegExp(TOKEN)
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [whole, angle, code, emoji, bare, mark] = match
    let end = match.index + whole.length
    let node: Inline | undefined
    if (angle !== undefined) node = parseAngle(angle)
    else if (code !== undefined) node = { kind: 'code', text: unescapeText(code) }
    else if (emoji !== undefined) node = isWordAt(source, match.index - 1) ? undefined : { kind: 'emoji', name: emoji }
    else if (bare !== undefined) {
      const url = bare.replace(/[.,;:!?)\]'_~]+$/, '')
      end = match.index + url.length
      node = { kind: 'link', url: unescapeText(url) }
    } else if (mark !== undefined) {
      const close = closingMark(source, match.index, mark)
      if (close > 0) {
        const children = parseInline(source.slice(match.index + 1, close))
        node = { kind: MARKS[mark as keyof typeof MARKS], children }
        end = close + 1
      }
    }
    if (!node) {
      token.lastIndex = match.index + 1
      continue
    }
    say(source.slice(done, match.index))
    nodes.push(node)
    done = token.lastIndex = end
  }
  say(source.slice(done))
  return nodes
}

const isWordAt = (text: string, index: number) => /[\p{L}\p{N}]/u.test(text[index] ?? '')

/** Formatting marks open and close at word boundaries: `2*3*4` and `snake_case_name` are plain text. */
function closingMark(text: string, open: number, mark: string): number {
  if (isWordAt(text, open - 1) || /[\s]/.test(text[open + 1] ?? ' ') || text[open + 1] === mark) return -1
  for (let at = text.indexOf(mark, open + 1); at > 0; at = text.indexOf(mark, at + 1)) {
    const inside = text[at - 1] ?? ' '
    if (!/\s/.test(inside) && !isWordAt(text, at + 1) && text[at + 1] !== mark) return at
  }
  return -1
}

function parseAngle(inner: string): Inline {
  const bar = inner.indexOf('|')
  const target = bar < 0 ? inner : inner.slice(0, bar)
  const label = bar < 0 ? undefined : unescapeText(inner.slice(bar + 1))
  const named = label === undefined ? {} : { label }
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1), ...named }
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), ...named }
  if (target.startsWith('!subteam^')) return { kind: 'usergroup', id: target.slice(9), ...named }
  if (target.startsWith('!date^')) return parseDate(target, label ?? '')
  if (target.startsWith('!')) return { kind: 'broadcast', range: target.slice(1) }
  return { kind: 'link', url: unescapeText(target), ...named }
}

function parseDate(target: string, fallback: string): Inline {
  const [, seconds = '', format = '', link] = target.split('^')
  const node = { kind: 'date' as const, seconds: Number(seconds), format, fallback }
  return link === undefined ? node : { ...node, link: unescapeText(link) }
}
