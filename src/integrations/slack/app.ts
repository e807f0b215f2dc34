import { App, ExpressReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt'
import type { IRouter } from 'express'
import type { Answer, Reply } from '../../incident/form.ts'
import type { Incident } from '../../incident/incident.ts'
import { isPerson } from '../../incident/phrase.ts'
import type { Block } from './block.ts'
import { refusedWith, type Slack } from './client.ts'
import { FORM_CALLBACK, type FormPurpose, modalOf, valuesOf } from './forms.ts'
import { homeOf } from './home.ts'
import { fromSlack } from './mrkdwn.ts'
import { messageOf } from './replies.ts'
import type { Words } from './summary.ts'

/** Who did something, and where. */
export type Doer = { person: string; channel: string /** The same for a repeated delivery. */; once: string }

/** What Slack needs of the rest of Muster. */
export type Host = {
  /** What was typed after `/incident`, or the value of a button. */
  command(text: string, doer: Doer): Promise<Answer>
  submit(command: string, values: Record<string, unknown>, doer: Doer, incident?: string): Promise<Answer>
  /** A message that somebody marked for the timeline. */
  keepMessage(
    message: { channel: string; ts: string; text: string; author: string; link?: string },
    doer: Doer,
  ): Promise<boolean>
  openIncidents(): Promise<Incident[]>
}

export type SlackMode =
  | { kind: 'socket'; appToken: string }
  /** Slack calls us: its requests come in through this router. */
  | { kind: 'http'; signingSecret: string; router: IRouter }

export type SlackAppOptions = {
  mode: SlackMode
  token: string
  apiUrl?: string | undefined
  slack: Slack
  host: Host
  words: Words
  log: {
    warn(message: string, fields?: Record<string, unknown>): void
    error(message: string, fields?: Record<string, unknown>): void
  }
}

/** The reaction that keeps a message for the timeline, as everywhere in this field. */
const KEEP_REACTION = 'pushpin'

/** Slack shows an error after 3 s without acknowledgement. */
const ACKNOWLEDGE_WITHIN_MS = 2_000

/**
 * Acknowledges when the work is on disk, so that what Slack takes for done is done, whenever the process ends; a slow
 * store must not look like a dead app, so it waits no longer than Slack does.
 */
const acknowledged = async <Value>(work: Promise<Value>, ack: () => Promise<unknown>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ACKNOWLEDGE_WITHIN_MS)
  })
  await Promise.race([work.catch(() => {}), late])
  clearTimeout(timer)
  await ack()
  return work
}

/** The conversation with people: commands, buttons, modals, shortcuts, reactions, the Home tab. */
export const createSlackApp = ({ mode, token, apiUrl, slack, host, words, log }: SlackAppOptions) => {
  const clientOptions = apiUrl ? { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` } : {}
  const logger = quietLogger(log)
  const receiver =
    mode.kind === 'socket'
      ? new SocketModeReceiver({
          appToken: mode.appToken,
          logger,
          // However long Slack was away, Muster is back soon after it.
          installerOptions: {
            clientOptions: {
              ...clientOptions,
              timeout: 10_000,
              retryConfig: {
                forever: true,
                factor: 1.5,
                minTimeout: 500,
                maxTimeout: 10_000,
                randomize: true,
                unref: true,
              },
            },
          },
        })
      : new ExpressReceiver({
          signingSecret: mode.signingSecret,
          router: mode.router,
          endpoints: '/slack/events',
          logger,
        })
  const app = new App({
    token,
    receiver,
    logger,
    clientOptions: { ...clientOptions, retryConfig: { retries: 0 }, timeout: 10_000 },
    // The token is checked by our own call at start, with a sentence that says what to do.
    tokenVerificationEnabled: false,
    // Our own events are left out by the author's id, which Bolt would have to ask for first.
    ignoreSelf: false,
  })

  /** To the person alone, where they are; as a direct message where the bot is not. */
  const whisper = async (reply: Reply, { person, channel }: Doer) => {
    const message = messageOf(reply)
    try {
      await slack.call('chat.postEphemeral', { channel, user: person, ...message })
    } catch (error) {
      if (!refusedWith(error, 'not_in_channel', 'channel_not_found', 'user_not_in_channel', 'is_archived')) throw error
      await slack.call('chat.postMessage', { channel: person, ...message })
    }
  }

  type Respond = (message: {
    response_type: 'ephemeral' | 'in_channel'
    replace_original: false
    text: string
    blocks: never[]
  }) => Promise<unknown>

  const give = async (answer: Answer, doer: Doer, triggerId: string | undefined, respond?: Respond) => {
    if (answer.kind === 'form' && triggerId) {
      const { command, form, incident } = answer
      const purpose: FormPurpose = { command, channel: doer.channel, ...(incident ? { incident } : {}) }
      await slack.call('views.open', { trigger_id: triggerId, view: modalOf(form, purpose) })
    } else if (answer.kind === 'reply') {
      const { text, blocks } = messageOf(answer.reply)
      if (!respond) return whisper(answer.reply, doer)
      await respond({
        response_type: answer.reply.to === 'channel' ? 'in_channel' : 'ephemeral',
        replace_original: false,
        text,
        // The library's block types do not know our open ones.
        blocks: blocks as never[],
      })
    }
  }

  /** What goes wrong after the acknowledgement must still reach the person. */
  const guarded = async (doer: Doer, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      log.error('an interaction failed', { person: doer.person, channel: doer.channel, error })
      await whisper(
        {
          lines: [
            [
              {
                text: 'Something went wrong on my side; it is logged. What you did may not have been recorded: please look, and try again.',
              },
            ],
          ],
          to: 'you',
        },
        doer,
      ).catch(() => {})
    }
  }

  for (const name of ['/incident', '/inc'])
    app.command(name, async ({ ack, command, respond }) => {
      const doer = { person: command.user_id, channel: command.channel_id, once: `slack:${command.trigger_id}` }
      await guarded(doer, async () => {
        const answer = await acknowledged(host.command(fromSlack(command.text), doer), ack)
        await give(answer, doer, command.trigger_id, respond as Respond)
      })
    })

  app.action(/^run:/, async ({ ack, body, action, respond }) => {
    const { user, channel, trigger_id } = body as {
      user: { id: string }
      channel?: { id: string }
      trigger_id?: string
    }
    const { value = '', action_ts } = action as { value?: string; action_ts?: string }
    const doer = { person: user.id, channel: channel?.id ?? user.id, once: `slack:action:${user.id}:${action_ts}` }
    await guarded(doer, async () => {
      const answer = await acknowledged(host.command(value, doer), ack)
      await give(answer, doer, trigger_id, channel ? (respond as Respond) : undefined)
    })
  })

  // A button that is only a link still reports its click.
  app.action(/^(?!run:)/, async ({ ack }) => ack())

  app.view(FORM_CALLBACK, async ({ ack, body, view }) => {
    const purpose = JSON.parse(view.private_metadata) as FormPurpose
    const doer = { person: body.user.id, channel: purpose.channel, once: `slack:view:${view.id}` }
    let answer: Answer
    try {
      answer = await host.submit(purpose.command, valuesOf(view.state.values as never), doer, purpose.incident)
    } catch (error) {
      log.error('a form could not be taken', { command: purpose.command, error })
      const first = (view.blocks[0] as { block_id?: string } | undefined)?.block_id ?? ''
      await ack({
        response_action: 'errors',
        errors: { [first]: 'This could not be recorded just now. Nothing is lost: please submit again.' },
      })
      return
    }
    if (answer.kind === 'errors') {
      await ack({ response_action: 'errors', errors: answer.errors })
      return
    }
    await ack()
    await guarded(doer, () => give(answer, doer, undefined))
  })

  app.shortcut('declare_incident', async ({ ack, body }) => {
    await ack()
    const doer = { person: body.user.id, channel: body.user.id, once: `slack:${body.trigger_id}` }
    await guarded(doer, async () => give(await host.command('declare', doer), doer, body.trigger_id))
  })

  app.shortcut({ callback_id: 'add_to_timeline', type: 'message_action' }, async ({ ack, body }) => {
    const { channel, message, user } = body
    const doer = { person: user.id, channel: channel.id, once: `slack:keep:${channel.id}:${message.ts}` }
    await guarded(doer, () => {
      const { ts, text = '', user: author } = message
      return acknowledged(keep(channel.id, { ts, text, ...(author ? { user: author } : {}) }, doer), ack)
    })
  })

  app.event('reaction_added', async ({ event }) => {
    if (event.reaction !== KEEP_REACTION || event.item.type !== 'message') return
    const { channel, ts } = event.item
    const doer = { person: event.user, channel, once: `slack:keep:${channel}:${ts}` }
    await guarded(doer, async () => {
      const { messages } = await slack.call<{ messages: { ts: string; text?: string; user?: string }[] }>(
        'conversations.replies',
        { channel, ts, limit: 1, inclusive: true },
      )
      const message = messages.find((one) => one.ts === ts)
      if (message) await keep(channel, { ...message, text: message.text ?? '' }, doer)
    })
  })

  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return
    const view: Block = homeOf(await host.openIncidents(), event.user, words)
    await slack.call('views.publish', { user_id: event.user, view })
  })

  const keep = async (channel: string, message: { ts: string; text: string; user?: string }, doer: Doer) => {
    const author = message.user && isPerson(message.user) ? message.user : doer.person
    const link = await slack
      .call<{ permalink?: string }>('chat.getPermalink', { channel, message_ts: message.ts })
      .then(({ permalink }) => permalink)
      // A timeline entry without its link is better than none.
      .catch(() => undefined)
    const kept = await host.keepMessage(
      { channel, ts: message.ts, text: fromSlack(message.text), author, ...(link ? { link } : {}) },
      doer,
    )
    if (!kept) return
    await slack
      .call('reactions.add', { channel, timestamp: message.ts, name: 'white_check_mark' })
      .catch((error: unknown) => {
        if (!refusedWith(error, 'already_reacted')) log.warn('a kept message could not be marked', { channel, error })
      })
  }

  app.error(async (error) => log.error('Slack event failed', { error }))

  return {
    /** Connects (Socket Mode); in HTTP mode the router is ready already. */
    start: async (): Promise<void> => {
      if (mode.kind === 'socket') await app.start()
    },
    stop: async (): Promise<void> => {
      if (mode.kind === 'socket') await app.stop()
    },
  }
}

export type SlackApp = ReturnType<typeof createSlackApp>

/** Bolt's own log lines, through ours; its chatter below a warning is left out. */
const quietLogger = (log: SlackAppOptions['log']) => ({
  debug: () => {},
  info: () => {},
  warn: (...messages: unknown[]) => log.warn(messages.map(String).join(' ')),
  error: (...messages: unknown[]) => log.error(messages.map(String).join(' ')),
  setLevel: () => {},
  getLevel: () => LogLevel.WARN,
  setName: () => {},
})
