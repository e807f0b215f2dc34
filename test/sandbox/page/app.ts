import { App, LogLevel } from '@slack/bolt'
import { details, form, home } from './gallery-views.ts'

/** Silent: connections close when the test ends. */
const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
}

type Options = { slackApiUrl: string; botToken: string; appToken: string }

/** A small Socket Mode app for the gallery; `heard` holds the payloads it received. */
export async function startGalleryApp({ slackApiUrl, botToken, appToken }: Options) {
  const received: { kind: string; by: string; body: unknown }[] = []
  const app = new App({
    token: botToken,
    appToken,
    socketMode: true,
    logger: silent,
    clientOptions: { slackApiUrl },
  })

  app.command('/incident', async ({ ack, body, client, respond }) => {
    await ack()
    received.push({ kind: 'command', by: body.user_id, body: body.text })
    if (body.text.startsWith('declare')) await client.views.open({ trigger_id: body.trigger_id, view: form })
    else await respond({ text: `Nobody but you sees this answer to \`${body.text}\`.` })
  })
  app.view('declare', async ({ ack, body, view }) => {
    received.push({ kind: 'view_submission', by: body.user.id, body: view.state.values })
    const title = view.state.values.title?.value?.value ?? ''
    if (title.length < 10)
      await ack({ response_action: 'errors', errors: { title: 'Say a little more: 10 letters at least.' } })
    else await ack({ response_action: 'push', view: details })
  })
  app.action(/.*/, async ({ ack, body, action }) => {
    await ack()
    received.push({ kind: 'action', by: body.user.id, body: action })
  })
  app.shortcut(/.*/, async ({ ack, body, client }) => {
    await ack()
    received.push({ kind: 'shortcut', by: body.user.id, body: body.callback_id })
    await client.views.open({ trigger_id: body.trigger_id, view: form })
  })
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: home })
  })
  await app.start()
  return { app, received, stop: () => app.stop() }
}
