import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { say, strong } from '../../../src/incident/phrase.ts'
import { createAdminNotices } from '../../../src/integrations/slack/admin-notices.ts'
import { createSlack } from '../../../src/integrations/slack/client.ts'
import { createPeople } from '../../../src/integrations/slack/people.ts'
import { createPoster } from '../../../src/integrations/slack/post.ts'
import { startSlack, tokens } from '../../sandbox/slack/start.ts'
import { opened } from '../../store/databases.ts'

const manifest = parse(readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8'))
const robin = 'U0ROBIN001'
const text = say`:warning: ${strong('PagerDuty')} has not worked for Muster for 5 min.`

const start = async (admins: string[], channel = '#incidents') => {
  const { slack: fake } = await startSlack({ manifest })
  const memory = await opened('sqlite::memory:')
  const slack = createSlack({ token: tokens.botToken, apiUrl: fake.apiUrl, now: Date.now })
  const people = createPeople({ slack, memory, now: Date.now })
  const poster = createPoster({ slack, memory, now: Date.now })
  const lines: string[] = []
  const log = { warn: (message: string, fields = {}) => lines.push(`${message} ${JSON.stringify(fields)}`) }
  const notify = createAdminNotices({ poster, admins, channel, byEmail: people.byEmail, log })
  /** Where the notice was posted. */
  const places = () =>
    fake
      .dump()
      .messages.filter((message) => message.text.includes('*PagerDuty* has not worked'))
      .map((message) => {
        const { name, members, kind } = fake.dump().channels.find(({ id }) => id === message.channel)!
        return kind === 'dm' ? members.filter((one) => one.startsWith('U0')).join() : `#${name}`
      })
  return { fake, notify, places, lines, notice: { name: 'PagerDuty/1/began', since: Date.now() - 60_000 } }
}

test('people are notified directly, by id and by e-mail address, once however often it is tried', async () => {
  const { fake, notify, places, notice } = await start([robin, 'dana@shop.example'])
  fake.faults.add({ kind: 'cut', method: 'chat.postMessage', when: 'after' })
  await expect(notify(text, notice)).rejects.toThrow('Slack could not be reached')
  await notify(text, notice)
  await notify(text, notice)
  expect(places().toSorted()).toEqual([expect.stringContaining('U0DANA0001'), expect.stringContaining(robin)])
})

test('somebody who cannot be reached does not keep the others from it', async () => {
  const { notify, places, lines, notice } = await start(['U0NOBODY01', robin])
  await notify(text, notice)
  expect(places()).toEqual([expect.stringContaining(robin)])
  expect(lines).toEqual([expect.stringContaining('U0NOBODY01')])
})

test.each([
  ['nobody is named', []],
  ['nobody has the address', ['gone@example.com']],
])('it is posted where incidents are announced when %s', async (_why, admins) => {
  const { notify, places, notice } = await start(admins)
  await notify(text, notice)
  expect(places()).toEqual(['#incidents'])
})
