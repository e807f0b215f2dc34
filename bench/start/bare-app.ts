import { api } from '@pagerduty/pdjs'
import { App } from '@slack/bolt'
import Sqlite from 'better-sqlite3'

/** What any Slack app with these SDKs and this database takes to start, before it does anything of its own. */
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL, PAGERDUTY_API_TOKEN } = process.env
const database = new Sqlite(process.argv[2] as string)
database.pragma('journal_mode = WAL')
database.exec('create table if not exists deliveries (body text not null)')
api({ token: PAGERDUTY_API_TOKEN as string })
const app = new App({
  token: SLACK_BOT_TOKEN as string,
  appToken: SLACK_APP_TOKEN as string,
  socketMode: true,
  clientOptions: { slackApiUrl: SLACK_API_URL as string },
})
await app.start()
console.log('running')
