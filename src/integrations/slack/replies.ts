import type { Answer, Reply, Speaker } from '../../incident/form.ts'
import { within } from '../../platform/time-limit.ts'
import type { AppLog } from './bolt-logger.ts'
import { refusedWith, type Slack } from './client.ts'
import { type FormPurpose, modalOf } from './forms.ts'
import { APOLOGY, chartBlock, replyMessage, typeItInstead } from './reply-message.ts'

/** Slack shows the person an error when an acknowledgement takes longer than 3 s. These leave room for both. */
const RECORD_WITHIN_MS = 2_000
const SHOW_WITHIN_MS = 800

/** A message for the person who typed or clicked, as `ack` and `respond` take it. */
export type InPlace = {
  response_type: 'ephemeral' | 'in_channel'
  replace_original: false
  text: string
  // Bolt's block types do not know Slack's newest blocks.
  blocks: never[]
}
export type Respond = (message: InPlace) => Promise<unknown>

/** Somebody who is waiting for an answer, and the ways to reach them. */
export type Waiting = {
  speaker: Speaker
  /** Opens a form, within 3 s. */
  triggerId?: string | undefined
  /** Answers where it was typed or clicked; absent on the Home tab and for shortcuts. */
  respond?: Respond | undefined
}

const inPlace = (reply: Reply): InPlace => {
  const { text, blocks } = replyMessage(reply)
  return {
    response_type: reply.to === 'channel' ? 'in_channel' : 'ephemeral',
    replace_original: false,
    text,
    blocks: blocks as never[],
  }
}

export type Replies = ReturnType<typeof createReplies>

/** Brings answers to the people who are waiting for them, as far as possible without Slack's Web API. */
export const createReplies = ({ slack, log }: { slack: Slack; log: AppLog }) => {
  /** To the person alone, where they are; as a direct message where the bot is not. */
  const whisper = async (reply: Reply, { person, channel }: Speaker): Promise<void> => {
    const message = replyMessage(reply)
    try {
      await slack.call('chat.postEphemeral', { channel, user: person, ...message })
    } catch (error) {
      if (!refusedWith(error, 'not_in_channel', 'channel_not_found', 'user_not_in_channel', 'is_archived')) throw error
      await slack.call('chat.postMessage', { channel: person, ...message })
    }
  }

  /** A message of its own: a workspace that does not know charts refuses the whole message, and the answer must arrive. */
  const draw = async ({ chart }: Reply, { speaker: { person, channel }, respond }: Waiting): Promise<void> => {
    if (!chart) return
    try {
      const message = { text: chart.title, blocks: [chartBlock(chart)] as never[] }
      if (respond) await respond({ response_type: 'ephemeral', replace_original: false, ...message })
      else await slack.call('chat.postEphemeral', { channel, user: person, ...message })
    } catch (error) {
      log.warn('a chart could not be shown', { person, error })
    }
  }

  const send = async (reply: Reply, { speaker, respond }: Waiting): Promise<void> => {
    if (respond) await respond(inPlace(reply))
    else await whisper(reply, speaker)
    await draw(reply, { speaker, respond })
  }

  const openForm = async (
    answer: Extract<Answer, { kind: 'form' }>,
    { speaker, triggerId }: Waiting,
  ): Promise<boolean> => {
    const { command, form, incident } = answer
    const purpose: FormPurpose = {
      command,
      channel: speaker.channel,
      ...(incident ? { incident } : {}),
      ...(form.given ? { given: form.given } : {}),
    }
    try {
      await slack.call('views.open', { trigger_id: triggerId, view: modalOf(form, purpose) })
      return true
    } catch (error) {
      log.warn('a form could not be opened', { command, person: speaker.person, error })
      return false
    }
  }

  const give = async (answer: Answer, waiting: Waiting): Promise<void> => {
    if (answer.kind === 'reply') await send(answer.reply, waiting)
    else if (answer.kind === 'form' && !(await openForm(answer, waiting))) await send(typeItInstead(answer), waiting)
  }

  /** What fails after the acknowledgement must still reach the person. */
  const finish = async (work: Promise<Answer | undefined>, waiting: Waiting): Promise<Answer | undefined> => {
    try {
      const answer = await work
      if (answer) await give(answer, waiting)
      return answer
    } catch (error) {
      logFailure(waiting, error)
      await send(APOLOGY, waiting).catch(() => {})
      return undefined
    }
  }

  const logFailure = ({ speaker: { person, channel } }: Waiting, error: unknown): void =>
    log.error('an interaction failed', { person, channel, error })

  /** Waits for the record, but no longer than Slack does: a slow store must not look like a failed app. */
  const recorded = (work: Promise<unknown>): Promise<unknown> =>
    within(
      RECORD_WITHIN_MS,
      work.catch(() => {}),
      undefined,
    )

  return {
    /** Shows a reply to the person alone; false when Slack did not take it in time. */
    shown: (reply: Reply, speaker: Speaker): Promise<boolean> =>
      within(
        SHOW_WITHIN_MS,
        whisper(reply, speaker).then(
          () => true,
          (error: unknown) => {
            log.warn('a reply could not be shown', { person: speaker.person, error })
            return false
          },
        ),
        false,
      ),

    /**
     * A slash command: recorded, then acknowledged with its answer. The acknowledgement is the one message that needs
     * nothing of Slack's Web API, so the person has the answer also while that is down.
     */
    answerCommand: async (
      work: Promise<Answer>,
      waiting: Waiting,
      ack: (message?: InPlace) => Promise<unknown>,
    ): Promise<void> => {
      const settled = work.catch((error: unknown): Answer => {
        logFailure(waiting, error)
        return { kind: 'reply', reply: APOLOGY }
      })
      const answer = await within(RECORD_WITHIN_MS, settled, undefined)
      if (!answer) {
        await ack()
        await finish(settled, waiting)
      } else if (answer.kind === 'form') {
        const opened = await within(SHOW_WITHIN_MS, openForm(answer, waiting), false)
        await ack(opened ? undefined : inPlace(typeItInstead(answer)))
      } else {
        await ack(answer.kind === 'reply' ? inPlace(answer.reply) : undefined)
        if (answer.kind === 'reply') await draw(answer.reply, waiting)
      }
    },

    /** A click or a shortcut: recorded, then acknowledged, then answered. Undefined when it failed. */
    answerClick: async (
      work: Promise<Answer | undefined>,
      waiting: Waiting,
      ack: () => Promise<unknown>,
    ): Promise<Answer | undefined> => {
      await recorded(work)
      await ack()
      return finish(work, waiting)
    },
  }
}
