import { expect, test } from 'vitest'
import { fixture, manifestWith, refusal, startSlack } from './start.ts'

test('looks people up by e-mail, ignoring case and deactivated accounts', async () => {
  const { client } = await startSlack()
  const { user } = await client.users.lookupByEmail({ email: 'Mei@shop.example' })
  expect(user).toMatchObject({ id: 'U0MEI00001', real_name: '林 美玲', tz: 'Asia/Tokyo', tz_offset: 9 * 3600 })
  const shape = Object.keys(fixture('api_users.lookupByEmail.ok').user as object)
  const unused = ['color', 'is_email_confirmed', 'who_can_share_contact_card']
  expect(Object.keys(user!)).toEqual(expect.arrayContaining(shape.filter((key) => !unused.includes(key))))
  expect(await refusal(client.users.lookupByEmail({ email: 'kim@shop.example' }))).toMatchObject({
    error: 'users_not_found',
  })
  expect(await refusal(client.users.info({ user: 'U0NOBODY01' }))).toMatchObject({ error: 'user_not_found' })
})

test('supports half-hour time zones', async () => {
  const { client } = await startSlack()
  expect((await client.users.info({ user: 'U0PRIYA001' })).user).toMatchObject({
    tz: 'Asia/Kolkata',
    tz_offset: 19_800,
  })
})

test('returns e-mail addresses only with the scope for it', async () => {
  const { client } = await startSlack({ manifest: manifestWith({ without: ['users:read.email'] }) })
  const { members } = await client.users.list({})
  expect(members!.length).toBeGreaterThan(5)
  expect(members!.every(({ profile }) => profile!.email === undefined)).toBe(true)
  expect(await refusal(client.users.lookupByEmail({ email: 'mei@shop.example' }))).toMatchObject({
    needed: 'users:read.email',
  })
})

test('lists the members of a group', async () => {
  const { client } = await startSlack()
  const { usergroups } = await client.usergroups.list({ include_users: true })
  expect(usergroups).toContainEqual(
    expect.objectContaining({ handle: 'payments-oncall', users: ['U0ROBIN001', 'U0PRIYA001'] }),
  )
  expect((await client.usergroups.users.list({ usergroup: 'S0PLATFORM' })).users).toEqual(['U0OLENA001', 'U0MAXIM001'])
  expect(await refusal(client.usergroups.users.list({ usergroup: 'S0NOBODY01' }))).toMatchObject({
    error: 'no_such_subteam',
  })
})
