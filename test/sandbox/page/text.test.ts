import { describe, expect, test } from 'vitest'
import { complete, usageOf } from '../../../sandbox/page/composer/completion.ts'
import { problemsIn } from '../../../sandbox/page/elements/problems.ts'
import { ago, dayName, formatDateTokens } from '../../../sandbox/page/text/dates.ts'
import { emojiOf, findEmoji } from '../../../sandbox/page/text/emoji.ts'
import { destinationOf } from '../../../sandbox/page/text/links.ts'
import { fromLocalTime, toLocalTime } from '../../../sandbox/page/text/local-time.ts'

const at = Date.UTC(2026, 10, 21, 22, 30) / 1000

describe('dates', () => {
  test.each([
    ['{date_num} {time_secs}', 'UTC', '2026-11-21 22:30:00'],
    ['{date} at {time}', 'Asia/Kolkata', '22 November 2026 at 04:00'],
    ['{date_short_pretty} {time}', 'UTC', 'today 22:30'],
    ['{date_pretty}', 'Asia/Tokyo', 'tomorrow'],
    ['{date_long} {unknown}', 'UTC', 'Saturday, 21 November 2026 {unknown}'],
  ])('writes %s in %s', (format, zone, written) => {
    // Half past nine in the morning of the day in London; tomorrow's half past seven in Tokyo is a day on.
    expect(formatDateTokens(format, at, zone, at - 13 * 3600)).toBe(written)
  })

  test('formats days and relative times', () => {
    expect(dayName(at, 'UTC', at + 86_400)).toBe('Yesterday')
    expect(dayName(at, 'UTC', at + 9 * 86_400)).toBe('Saturday 21 November')
    expect([ago(at - 120, at), ago(at, at + 7200), ago(at, at + 10), ago(at + 10, at)]).toEqual([
      '2 minutes ago',
      '2 hours ago',
      'just now',
      'in a moment',
    ])
  })

  test('converts local time to an instant, across DST changes', () => {
    for (const [local, zone] of [
      ['2026-03-29T03:30', 'Europe/Berlin'],
      ['2026-10-25T01:30', 'Europe/Berlin'],
      ['2026-11-21T04:00', 'Asia/Kolkata'],
    ] as const)
      expect(toLocalTime(fromLocalTime(local, zone), zone)).toBe(local)
  })
})

describe('links', () => {
  const base = 'http://127.0.0.1:3000/?as=U1'
  test('opens documents and permalinks inside the page, whatever their host', () => {
    expect(destinationOf('https://muster.example/incidents/INC-7/postmortem.html?expires=1&signature=x', base)).toEqual(
      { kind: 'document', url: '/incidents/INC-7/postmortem.html?expires=1&signature=x', title: 'INC-7 postmortem' },
    )
    expect(
      destinationOf('https://shop.slack.com/archives/C123/p1763700000000100?thread_ts=1763600000.000100', base),
    ).toEqual({ kind: 'message', channel: 'C123', ts: '1763700000.000100', threadTs: '1763600000.000100' })
  })
  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'file:///etc/passwd',
    ' javascript:alert(1)',
    'vbscript:x',
  ])('follows %s nowhere', (link) => {
    expect(destinationOf(link, base)).toBeUndefined()
  })
})

describe('emoji', () => {
  test("resolves Slack's and GitHub's names and leaves unknown ones", () => {
    expect([emojiOf('large_green_circle'), emojiOf('+1'), emojiOf('rotating_light'), emojiOf('no_such_thing')]).toEqual(
      ['🟢', '👍', '🚨', undefined],
    )
  })
  test('offers frequent ones first and searches by name and keyword', () => {
    expect(findEmoji('')[0]?.name).toBe('eyes')
    expect(findEmoji('pushpin')[0]).toEqual({ name: 'pushpin', character: '📌' })
  })
})

describe('completion', () => {
  const known = {
    commands: [{ command: '/incident', description: 'Run an incident', usageHint: '[help]' }],
    people: [
      { id: 'U1', name: 'dana.ruiz', realName: 'Dana Ruiz', title: '', email: '', timezone: 'UTC', isBot: false },
    ],
    groups: [{ id: 'S1', handle: 'payments-oncall', name: 'Payments on-call' }],
    conversations: [],
    subcommands: [{ command: '/incident', name: 'assign', usage: 'assign <role> @person', summary: 'Give a role' }],
  }
  const names = (text: string) => complete(text, text.length, known)?.suggestions.map(({ insert }) => insert)
  test.each([
    ['/in', ['/incident ']],
    ['/incident as', ['assign ']],
    ['/incident assign commander @rui', ['@dana.ruiz ']],
    ['cc @onc', ['@payments-oncall ']],
    ['mail me@dana', undefined],
    ['/unknown as', undefined],
    ['at 10:30', undefined],
  ])('after %j offers %j', (text, offered) => {
    expect(names(text)).toEqual(offered)
  })
  test('shows the usage while arguments are typed', () => {
    expect(usageOf('/incident assign com', known)?.usage).toBe('assign <role> @person')
    expect(usageOf('/incident assign', known)).toBeUndefined()
  })
})

test("reports the errors that Slack's client reports itself", () => {
  const input = (id: string, element: object, optional = false) => ({
    type: 'input',
    block_id: id,
    optional,
    element: { action_id: 'v', ...element },
  })
  const blocks = [
    input('empty', { type: 'plain_text_input' }),
    input('none', { type: 'multi_users_select' }),
    input('free', { type: 'plain_text_input' }, true),
    input('short', { type: 'plain_text_input', min_length: 5 }),
    input('link', { type: 'url_text_input' }),
    input('whole', { type: 'number_input', is_decimal_allowed: false }),
    { type: 'container', child_blocks: [input('inside', { type: 'datepicker' })] },
  ]
  const value = (held: object) => ({ v: { type: 'x', ...held } })
  expect(
    problemsIn(blocks, {
      empty: value({ value: null }),
      none: value({ selected_users: [] }),
      short: value({ value: 'abc' }),
      link: value({ value: 'not a link' }),
      whole: value({ value: '1.5' }),
      inside: value({ selected_date: null }),
    }),
  ).toEqual({
    empty: 'Please complete this required field.',
    none: 'Please complete this required field.',
    short: 'Enter at least 5 characters.',
    link: 'Enter a valid link, like https://example.com.',
    whole: 'Enter a whole number.',
    inside: 'Please complete this required field.',
  })
})
