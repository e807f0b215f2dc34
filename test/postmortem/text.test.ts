import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import type { Phrase } from '../../src/incident/phrase.ts'
import { htmlPage } from '../../src/postmortem/html.ts'
import { markdownOf, Sentence, Verbatim, webAddress } from '../../src/postmortem/text.ts'
import { elementsOf, textOf } from './html-elements.ts'

/** Pieces that mean something in Markdown or HTML, so that random text runs into them. */
const DANGEROUS = [
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '</td></table>',
    '<!--',
    '-->',
    '&lt;',
    '&#60;',
    '&',
  ],
  ...['[a](javascript:alert(1))', '![a](data:text/html,x)', '](', ')', '[x]: http://a', '<javascript:alert(1)>', '\\'],
  ...[
    '|',
    '||',
    '\\|',
    '*',
    '**',
    '_',
    '__',
    '`',
    '``',
    '```',
    '~~~',
    '~~',
    '# ',
    '> ',
    '- ',
    '1. ',
    '---',
    '===',
    '+ ',
  ],
  ...[
    '\n',
    '\n\n',
    '\r',
    '\t',
    '    ',
    '\u2028',
    '\u0000',
    '\u202e',
    '\ud800',
    'é',
    '日本',
    '{{ x }}',
    '{% raw %}',
    ' ',
  ],
  ...[
    'https://a.example/b_c?d=1&e=(2)',
    '<https://a.example|label>',
    'HTTP://A.EXAMPLE',
    'a_b',
    'x',
    '9.28 s',
    '#',
    '~1',
  ],
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...DANGEROUS), fc.string({ maxLength: 6, unit: 'binary' })), { maxLength: 12 })
  .map((pieces) => pieces.join(''))

const reader = new MarkdownIt({ html: true, linkify: false })
const ALLOWED = new Set(['p', 'a', 'code', 'strong', 'em', 'h2', 'table', 'thead', 'tbody', 'tr', 'th', 'td'])

/** What a reader should see of a text: no control characters, white space as one space. */
const seen = (text: string) =>
  new Sentence([{ text }])
    .toString()
    // Slack's way of writing an address shows the label and the address.
    .replace(/<(https?:\/\/[^\s<>|]+)(?:\|([^<>|]*))?>/gi, '')
    .replace(/https?:\/\/\S+/gi, '')
    .replace(/`/g, '')
    .replace(/\s+/g, ' ')
    .trim()

test('escapes text exactly, even for a renderer that allows HTML', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      fc.pre(!/https?:\/\//i.test(text))
      const html = reader.render(`Before ${markdownOf(text)} after`)
      expect(textOf(html).replace(/`/g, '').replace(/\s+/g, ' ').trim()).toBe(
        `Before ${seen(text)} after`.replace(/\s+/g, ' '),
      )
    }),
    { numRuns: 500 },
  )
})

test('keeps a space between backticks that are not code', () => {
  expect(markdownOf('a``` b `')).toBe('a\\`\\`\\` b \\`')
})

test('never turns text into anything but text, code and links to web pages', () => {
  fc.assert(
    fc.property(hostile, hostile, (one, two) => {
      const phrases: Phrase[] = [
        { text: one },
        { strong: two },
        { link: one, label: two },
        { code: one },
        { text: two },
      ]
      const markdown = markdownOf(new Sentence(phrases))
      expect(markdown).not.toContain('\n')
      for (const context of [markdown, `## ${markdown}`, `a\n${markdown}\nb`]) expectHarmless(reader.render(context))
    }),
    { numRuns: 500 },
  )
})

test('never breaks out of a table cell, a heading or a list item', () => {
  fc.assert(
    fc.property(hostile, hostile, (one, two) => {
      const [a, b] = [markdownOf(one), markdownOf(new Sentence([{ strong: two }]))]
      const blocks = reader
        .parse(`## x ${a}\n\n| a | b |\n| --- | --- |\n| ${a} | ${b} |\n\n- ${a}\n- ${b}\n`, {})
        .filter(({ type }) => type !== 'inline')
        .map(({ type, tag }) => (type.endsWith('_open') ? tag : ''))
        .filter(Boolean)
      expect(blocks.filter((tag) => tag !== 'p')).toEqual([
        ...['h2', 'table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td', 'ul', 'li', 'li'],
      ])
    }),
    { numRuns: 500 },
  )
})

test('keeps log lines inside their block', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (lines) => {
      const tokens = reader.parse(`before\n\n${markdownOf(new Verbatim(lines))}\n\nafter`, {})
      expect(tokens.map(({ type }) => type)).toEqual([
        ...['paragraph_open', 'inline', 'paragraph_close', 'fence', 'paragraph_open', 'inline', 'paragraph_close'],
      ])
    }),
  )
})

test('renders a page without scripts, handlers or unsafe links even from malicious Markdown', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, markdown) => {
      const page = htmlPage(`${markdown}\n\n# ${title}\n\n[a](javascript:alert\\(1\\)) ![b](http://a.example/x.png)`, {
        title,
        pictures: [],
      })
      for (const { name, attributes } of elementsOf(page)) {
        expect(['script', 'iframe', 'object', 'embed', 'svg', 'base', 'form', 'link']).not.toContain(name)
        for (const [attribute, value] of attributes) {
          expect(attribute).not.toMatch(/^on|^style$|srcdoc/)
          if (attribute === 'href') expect(value).toMatch(/^(https?:\/\/|#|charts\/)/i)
          if (attribute === 'src') expect(value).toMatch(/^data:image\//)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['threads_connected is at 648', 'threads_connected is at 648'],
  ['_private_ and *bold*', '\\_private\\_ and \\*bold\\*'],
  ['~140 ops/s, 1.02 s -> 9.28 s', '~140 ops/s, 1.02 s -> 9.28 s'],
  ['calls `PassthroughCluster` now', 'calls `PassthroughCluster` now'],
  ['a | b', 'a \\| b'],
  ['R&D & more &lt;', 'R&D & more &amp;lt;'],
  ['# not a heading', '\\# not a heading'],
  ['1. not a list', '1\\. not a list'],
  ['first\n\nsecond', 'first second'],
  ['see https://a.example/x_y.', 'see <https://a.example/x_y>.'],
  ['see <https://a.example/x|the page>', 'see the page (<https://a.example/x>)'],
])('escapes %j so that the Markdown source stays readable', (text, markdown) => {
  expect(markdownOf(text)).toBe(markdown)
})

test.each(['javascript:alert(1)', 'data:text/html,x', '/relative', 'http://', ' https://a.example', undefined])(
  'does not link to %j',
  (address) => {
    expect(webAddress(address)).toBeUndefined()
  },
)

const expectHarmless = (html: string): void => {
  for (const { name, attributes } of elementsOf(html)) {
    expect(ALLOWED).toContain(name)
    for (const [attribute, value] of attributes) {
      expect(attribute).toBe('href')
      expect(value).toMatch(/^https?:\/\//i)
    }
  }
}
