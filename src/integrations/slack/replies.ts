import type { Reply } from '../../incident/form.ts'
import { plain } from '../../incident/phrase.ts'
import { type Block, fitting, section } from './block.ts'
import { escapeText, mrkdwn } from './mrkdwn.ts'
import type { Message } from './post.ts'

/** Slack: a section holds 3,000 characters; a little less leaves room for its mark-up. */
const SECTION_CHARACTERS = 2_800

/** A reply as one message; lines share sections as long as they fit. */
export const messageOf = ({ lines }: Reply): Message => {
  const blocks: Block[] = []
  let current = ''
  for (const line of lines.map(mrkdwn)) {
    if (current && current.length + line.length + 1 > SECTION_CHARACTERS) {
      blocks.push(section(current))
      current = ''
    }
    current = current ? `${current}\n${line}` : line
  }
  if (current) blocks.push(section(current))
  return { text: escapeText(lines.map((line) => plain(line)).join('\n')).slice(0, 3000), blocks: fitting(blocks) }
}
