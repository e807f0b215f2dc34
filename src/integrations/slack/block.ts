import { shorten } from '../../incident/measure.ts'
import { cutMrkdwn } from './mrkdwn.ts'

/** Block Kit as JSON. Slack's newest blocks are in no library's types yet, so ours are open. */
export type Block = { type: string; [member: string]: unknown }

/** Slack: a message's blocks together may hold about 13,200 characters; below that nothing is refused. */
export const MESSAGE_CHARACTERS = 12_000
/** Slack: at most 50 blocks a message. */
const MESSAGE_BLOCKS = 50

/** Slack: section text at most 3,000 characters. */
const SECTION_CHARACTERS = 3_000

export const section = (text: string, accessory?: Block): Block => ({
  type: 'section',
  text: { type: 'mrkdwn', text: cutMrkdwn(text || ' ', SECTION_CHARACTERS) },
  ...(accessory ? { accessory } : {}),
})

/** A text of any length, as sections: split between words, never inside markup. */
export const sections = (text: string): Block[] => {
  const parts: Block[] = []
  let rest = text
  while (rest.length > SECTION_CHARACTERS) {
    const at = cutBefore(rest, SECTION_CHARACTERS)
    parts.push(section(rest.slice(0, at).trimEnd()))
    rest = rest.slice(at).trimStart()
  }
  return [...parts, section(rest)]
}

const cutBefore = (text: string, length: number): number => {
  const head = text.slice(0, length)
  const space = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\n'))
  // A word as long as half a section is split, too, but never inside an entity or a surrogate pair.
  const at = space > length / 2 ? space : head.replace(/(&[a-z]{0,4}|[\ud800-\udbff])$/, '').length
  const open = head.lastIndexOf('<', at)
  return open > 0 && open > head.lastIndexOf('>', at) ? open : at
}

/** Slack: header at most 150 characters, plain text. */
export const header = (text: string): Block => ({
  type: 'header',
  text: { type: 'plain_text', text: shorten(text, 150), emoji: true },
})

/** Small grey text; each element at most 3,000 characters. */
export const context = (...texts: string[]): Block => ({
  type: 'context',
  elements: texts.slice(0, 10).map((text) => ({ type: 'mrkdwn', text: cutMrkdwn(text || ' ', 2000) })),
})

export const actions = (...elements: Block[]): Block => ({ type: 'actions', elements: elements.slice(0, 25) })

/** The id of a row of buttons that goes when one of them was used: what it offered is done, or cannot be done any more. */
export const USED_ONCE = 'used_once'
export const actionsOnce = (...elements: Block[]): Block => ({ ...actions(...elements), block_id: USED_ONCE })

/**
 * A button that runs a sub-command, as if it were typed in the channel of the message.
 * Slack: label at most 75 characters, value 2,000; action ids must differ within a message.
 */
export const commandButton = (label: string, command: string, style?: 'primary' | 'danger'): Block => ({
  type: 'button',
  action_id: `run:${command}`.slice(0, 255),
  text: { type: 'plain_text', text: shorten(label, 75), emoji: true },
  value: command,
  ...(style ? { style } : {}),
})

/**
 * A menu of sub-commands behind three dots.
 * Slack: at most 5 options; a label at most 75 characters, a value 150.
 */
export const commandMenu = (entries: readonly { label: string; command: string }[]): Block => ({
  type: 'overflow',
  action_id: `run:menu:${entries[0]?.command ?? ''}`.slice(0, 255),
  options: entries
    .slice(0, 5)
    .map(({ label, command }) => ({ text: { type: 'plain_text', text: shorten(label, 75) }, value: command })),
})

/** A button that opens a web page. Slack: the address at most 3,000 characters. */
export const linkButton = (label: string, url: string): Block => ({
  type: 'button',
  action_id: `open:${label}`.slice(0, 255),
  text: { type: 'plain_text', text: shorten(label, 75), emoji: true },
  url,
})

/** Characters of text in a block, as Slack counts them: every string a reader sees. */
export const charactersOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersOf(item), 0)
  if (value && typeof value === 'object')
    return Object.entries(value).reduce(
      (sum, [name, item]) =>
        sum + (name === 'type' || name === 'action_id' || name === 'block_id' ? 0 : charactersOf(item)),
      0,
    )
  return 0
}

/** Cuts a list of blocks into messages that Slack accepts. */
export const messagesOf = (blocks: readonly Block[]): Block[][] => {
  const messages: Block[][] = []
  let current: Block[] = []
  let characters = 0
  for (const block of blocks) {
    const size = charactersOf(block)
    if (current.length > 0 && (current.length === MESSAGE_BLOCKS || characters + size > MESSAGE_CHARACTERS)) {
      messages.push(current)
      current = []
      characters = 0
    }
    current.push(block)
    characters += size
  }
  return current.length > 0 ? [...messages, current] : messages
}

/** As many leading blocks as fit one message: for messages that are edited and cannot be split. */
export const fitting = (blocks: readonly Block[]): Block[] => messagesOf(blocks)[0] ?? []

/** The blocks that Slack has had only since 2026 and older workspaces refuse. */
const NEW_BLOCKS = new Set(['data_visualization', 'plan', 'container', 'data_table', 'card', 'carousel'])
export const isNewBlock = ({ type }: Block): boolean => NEW_BLOCKS.has(type)
