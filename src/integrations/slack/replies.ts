import type { Answer, Reply } from '../../incident/form.ts'
import { plain, say } from '../../incident/phrase.ts'
import { type Block, fitting, section } from './block.ts'
import type { AppLog } from './bolt-logger.ts'
import { refusedWith, type Slack } from './client.ts'
import { type FormPurpose, modalOf } from './forms.ts'
import type { Doer } from './host.ts'
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

/** Bolt's answer to where something was typed or clicked. */
export type Respond = (message: {
  response_type: 'ephemeral' | 'in_channel'
  replace_original: false
  text: string
  blocks: never[]
}) => Promise<unknown>

export type Replies = ReturnType<typeof createReplies>

/** Brings answers to the people who are waiting for them. */
export const createReplies = ({ slack, log }: { slack: Slack; log: AppLog }) => {
  /** To the person alone, where they are; as a direct message where the bot is not. */
  const whisper = async (reply: Reply, { person, channel }: Doer): Promise<void> => {
    const message = messageOf(reply)
    try {
      await slack.call('chat.postEphemeral', { channel, user: person, ...message })
    } catch (error) {
      if (!refusedWith(error, 'not_in_channel', 'channel_not_found', 'user_not_in_channel', 'is_archived')) throw error
      await slack.call('chat.postMessage', { channel: person, ...message })
    }
  }

  return {
    /** Opens the form, or shows the reply: through `respond` where Slack offers it, else to the person alone. */
    give: async (answer: Answer, doer: Doer, triggerId: string | undefined, respond?: Respond): Promise<void> => {
      if (answer.kind === 'form' && triggerId) {
        const { command, form, incident } = answer
        const purpose: FormPurpose = { command, channel: doer.channel, ...(incident ? { incident } : {}) }
        await slack.call('views.open', { trigger_id: triggerId, view: modalOf(form, purpose) })
      } else if (answer.kind === 'reply') {
        if (!respond) return whisper(answer.reply, doer)
        const { text, blocks } = messageOf(answer.reply)
        await respond({
          response_type: answer.reply.to === 'channel' ? 'in_channel' : 'ephemeral',
          replace_original: false,
          text,
          // The library's block types do not know our open ones.
          blocks: blocks as never[],
        })
      }
    },

    /** Whatever fails after the acknowledgement must still reach the person. */
    guarded: async (doer: Doer, work: () => Promise<void>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        log.error('an interaction failed', { person: doer.person, channel: doer.channel, error })
        const apology = say`Something went wrong on my side; it is logged. What you did may not have been recorded: please look, and try again.`
        await whisper({ lines: [apology], to: 'you' }, doer).catch(() => {})
      }
    },
  }
}
