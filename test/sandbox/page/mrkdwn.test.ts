import { expect, test } from 'vitest'
import { parseInline, parseMrkdwn } from '../../../sandbox/page/text/mrkdwn.ts'

const text = (words: string) => ({ kind: 'text', text: words })

test('parses bold, italic, strike and code at word boundaries', () => {
  expect(parseInline('*a _b_* ~c~ `d*e*`')).toEqual([
    { kind: 'bold', children: [text('a '), { kind: 'italic', children: [text('b')] }] },
    text(' '),
    { kind: 'strike', children: [text('c')] },
    text(' '),
    { kind: 'code', text: 'd*e*' },
  ])
})

test.each(['2*3*4', 'snake_case_name', '* not bold *', '5 ~ 6 ~ 7', 'a ** b', '10:30:45', 'C:\\a_b_c'])(
  'leaves %j as plain text',
  (words) => {
    expect(parseInline(words)).toEqual([text(words)])
  },
)

test('parses mentions and links with labels', () => {
  expect(
    parseInline('<@U1|dana> <#C1|ops> <!subteam^S1|@oncall> <!here> <https://a.example/?x=1&amp;y=2|a &amp; b>'),
  ).toEqual([
    { kind: 'user', id: 'U1', label: 'dana' },
    text(' '),
    { kind: 'channel', id: 'C1', label: 'ops' },
    text(' '),
    { kind: 'usergroup', id: 'S1', label: '@oncall' },
    text(' '),
    { kind: 'broadcast', range: 'here' },
    text(' '),
    { kind: 'link', url: 'https://a.example/?x=1&y=2', label: 'a & b' },
  ])
})

test('parses dates with format, link and fallback', () => {
  expect(parseInline('<!date^1763700000^{date} {time}^https://a.example|then>')).toEqual([
    { kind: 'date', seconds: 1763700000, format: '{date} {time}', link: 'https://a.example', fallback: 'then' },
  ])
})

test('links bare URLs without a trailing full stop', () => {
  expect(parseInline('see https://a.example/b_c_d.')).toEqual([
    text('see '),
    { kind: 'link', url: 'https://a.example/b_c_d' },
    text('.'),
  ])
})

test('unescapes entities exactly once', () => {
  expect(parseInline('&lt;b&gt; &amp;lt;')).toEqual([text('<b> &lt;')])
})

test('distinguishes quotes, bullets, code blocks and paragraphs', () => {
  expect(parseMrkdwn('a\n&gt; b\n> c\n• d\n```\ne\n  f\n```\ng')).toEqual([
    { kind: 'text', children: [text('a')] },
    { kind: 'quote', children: [text('b'), { kind: 'break' }, text('c')] },
    { kind: 'bullet', mark: '•', children: [text('d')] },
    { kind: 'code', text: 'e\n  f' },
    { kind: 'text', children: [text('g')] },
  ])
})

test('treats an unclosed code fence as text', () => {
  expect(parseMrkdwn('a ```b')).toEqual([
    { kind: 'text', children: [text('a ')] },
    { kind: 'text', children: [text('```b')] },
  ])
})
