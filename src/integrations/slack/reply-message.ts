import type { Answer, LineChart, Reply, Row } from '../../incident/form.ts'
import { shorten } from '../../incident/measure.ts'
import { code, plain, say } from '../../incident/phrase.ts'
import { actions, type Block, commandButton, commandMenu, fitting, section } from './block.ts'
import { escapeText, mrkdwn } from './mrkdwn.ts'
import type { Message } from './post.ts'

/** Slack: a section holds 3,000 characters; a little less leaves room for its mark-up. */
const SECTION_CHARACTERS = 2_800

/** A reply as one message; lines share sections as long as they fit. */
export const replyMessage = ({ lines, rows = [], next = [] }: Reply): Message => {
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
  blocks.push(...rows.map(menuRow))
  if (next.length > 0) blocks.push(actions(...next.map(({ label, command }) => commandButton(label, command))))
  return {
    text: escapeText([...lines, ...rows.map(({ line }) => line)].map((line) => plain(line)).join('\n')).slice(0, 3000),
    blocks: fitting(blocks),
  }
}

/** A line with its menu. */
export const menuRow = ({ line, menu }: Row): Block =>
  section(mrkdwn(line), ...(menu.length > 0 ? [commandMenu(menu)] : []))

/** Slack's own line chart: title and axis label at most 50 characters, names of series and categories 20. */
export const chartBlock = ({ title, unit, categories, series }: LineChart): Block => {
  const labels = categories.map((category) => shorten(category, 20))
  return {
    type: 'data_visualization',
    title: shorten(title, 50),
    chart: {
      type: 'line',
      series: series.map(({ name, values }) => ({
        name: shorten(name, 20),
        data: labels.map((label, i) => ({ label, value: values[i] ?? 0 })),
      })),
      axis_config: { categories: labels, y_label: shorten(unit, 50) },
    },
  }
}

/** The reply to somebody whose command, click or form failed. */
export const APOLOGY: Reply = {
  to: 'you',
  lines: [
    say`Something went wrong on my side, and it may not have been recorded. It is logged. Please check, and try again.`,
  ],
}

/** The reply when Slack did not open a form: how to type it in one line. */
export const typeItInstead = ({ usage }: Extract<Answer, { kind: 'form' }>): Reply => ({
  to: 'you',
  lines: [
    say`Slack is not opening the form right now. If it does not appear, type it in one line instead: ${code(`/incident ${usage}`)}`,
  ],
})
