import { readFileSync } from 'node:fs'
import { WebClient } from '@slack/web-api'
import express from 'express'
import { controlRoutes } from '../../../sandbox/control-routes.ts'
import { createExchangeLog } from '../../../sandbox/exchange-log.ts'
import { pageFiles } from '../../../sandbox/page-files.ts'
import { createFakeSlack } from '../../../sandbox/slack/server.ts'
import { startGalleryApp } from './app.ts'
import * as gallery from './gallery.ts'
import { createGalleryStories } from './stories.ts'

const tokens = { appToken: 'xapp-1-page', botToken: 'xoxb-page', signingSecret: 'page-signing-secret' }

/** Scopes the gallery needs beyond the example manifest's. */
const SCOPES = ['chat:write.public', 'reactions:write', 'bookmarks:read', 'pins:read']

/** Fixed clock of the gallery, so that screenshots are reproducible. */
export const NOW = Date.UTC(2026, 10, 21, 3, 9)

const readManifest = () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../fixtures/slack/manifest.example.json', import.meta.url), 'utf8'),
  )
  manifest.oauth_config.scopes.bot.push(...SCOPES)
  manifest.settings.event_subscriptions.bot_events.push('app_home_opened')
  return manifest
}

/** A real workspace with the page and an app. */
export async function startWorkspace({ port = 0 } = {}) {
  const started = Date.now()
  const now = () => NOW + Date.now() - started
  const pages = express()
  const slack = await createFakeSlack({
    ...tokens,
    manifest: readManifest(),
    port,
    otherwise: pages,
    now,
    fileProcessingMs: 0,
  })
  const exchanges = createExchangeLog({ now })
  const faults = { grafana: false }
  pages.use(
    pageFiles(),
    controlRoutes({
      player: createGalleryStories(now),
      exchanges,
      faults: [
        {
          name: 'grafana',
          label: 'Grafana is down',
          description: 'Every request to Grafana is cut.',
          isOn: () => faults.grafana,
          turn: (on) => {
            faults.grafana = on
          },
        },
        {
          name: 'restart',
          label: 'Kill and restart Muster',
          description: 'Whatever was under way goes on afterwards.',
          once: true,
          isOn: () => false,
          turn() {},
        },
      ],
      outbox: () => [
        {
          id: 'INC-7/4/1',
          effect: 'post_summary',
          state: 'waiting',
          attempts: 2,
          note: 'Slack: rate limited, again in 3 s',
        },
      ],
      subcommands: () => [
        {
          command: '/incident',
          name: 'assign',
          usage: 'assign <commander|scribe> @person',
          summary: 'Give a role to a responder',
        },
        { command: '/incident', name: 'declare', usage: 'declare <what is happening>', summary: 'Open an incident' },
        { command: '/incident', name: 'update', usage: 'update <text>', summary: 'Tell stakeholders where it stands' },
      ],
    }),
  )
  pages.get(
    '/incidents/:id/postmortem.html',
    (_request, response) =>
      void response.send('<!doctype html><html lang="en"><title>Postmortem</title><h1>Postmortem of INC-7</h1>'),
  )
  const client = new WebClient(tokens.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } })
  const app = await startGalleryApp({ slackApiUrl: slack.apiUrl, ...tokens })
  return {
    slack,
    client,
    exchanges,
    received: app.received,
    url: slack.url,
    fillGallery: () => fillGallery(client, slack),
    async stop() {
      await app.stop()
      await slack.stop()
    },
  }
}

export type Workspace = Awaited<ReturnType<typeof startWorkspace>>

const dana = 'U0DANA0001'
const robin = 'U0ROBIN001'

/** Creates an incident channel with all kinds of content; returns its id. */
async function fillGallery(client: WebClient, slack: Awaited<ReturnType<typeof createFakeSlack>>): Promise<string> {
  const created = await client.conversations.create({ name: 'inc-7-shipping-is-slow-customers-notice' })
  const channel = created.channel?.id ?? ''
  await client.conversations.invite({ channel, users: `${dana},${robin},U0SAM00001,U0MAXIM001` })
  await client.conversations.setTopic({
    channel,
    topic: ':large_orange_circle: SEV-2 · Investigating · IC <@U0DANA0001>',
  })
  await client.bookmarks.add({
    channel_id: channel,
    title: 'Shipping dashboard',
    type: 'link',
    link: 'https://grafana.shop.example/d/shipping',
    emoji: ':chart_with_upwards_trend:',
  })
  const post = (blocks: { type: string }[], more: { thread_ts?: string; text?: string } = {}) =>
    client.chat.postMessage({ channel, text: 'In words', blocks: gallery.asBlocks(blocks), ...more })

  const { ts: top = '' } = await post(gallery.summary, { text: 'INC-7 Shipping is slow' })
  await client.pins.add({ channel, timestamp: top })
  await post(gallery.checklist)
  await slack.act({ type: 'message', as: robin, channel, text: 'I am on it. @dana can you take command? :eyes:' })
  await slack.act({ type: 'message', as: robin, channel, text: 'Only *Shipping* is slow, nothing in its logs yet.' })
  const { ts: chart = '' } = await post(gallery.evidence)
  for (const blocks of [gallery.moreCharts, gallery.tables, gallery.plainTable, gallery.prose, gallery.cards])
    await post(blocks, { thread_ts: chart })
  await post(gallery.picture(await upload(client)), { thread_ts: chart })
  for (const as of [dana, robin]) await slack.act({ type: 'reaction', as, channel, ts: chart, name: 'eyes' })
  await slack.act({
    type: 'message',
    as: dana,
    channel,
    text: 'Mitigate first. Who knows RDS? cc @dana.ruiz @maximilian.featherstonehaugh',
  })
  await client.chat.postEphemeral({
    channel,
    user: dana,
    text: 'You are *commander* now. Type `/incident help` for what you can do.',
  })
  return channel
}

/** Uploads a small image the way Muster uploads charts. */
async function upload(client: WebClient): Promise<string> {
  const bytes = readFileSync(new URL('../../fixtures/sandbox/chart.png', import.meta.url))
  const { upload_url = '', file_id = '' } = await client.files.getUploadURLExternal({
    filename: 'latency.png',
    length: bytes.length,
  })
  await fetch(upload_url, { method: 'POST', body: bytes })
  await client.files.completeUploadExternal({ files: [{ id: file_id, title: 'Latency' }] })
  return file_id
}
