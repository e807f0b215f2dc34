import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channel, code, person, say, strong, time, typed } from '../../../src/incident/phrase.ts'
import { cutMrkdwn, escapeText, fromSlack, linkMrkdwn, mrkdwn } from '../../../src/integrations/slack/mrkdwn.ts'

describe('rendering a sentence as mrkdwn', () => {
  test('formats each part according to its type', () => {
    const at = Date.UTC(2026, 10, 21, 2, 30)
    expect(mrkdwn(say`${person('U0DANA0001')} in ${channel('C1')}: ${strong('bad')} ${code('x')} ${time(at)}`)).toBe(
      `<@U0DANA0001> in <#C1>: *bad* \`x\` <!date^${at / 1000}^{date_short_pretty} {time}|2026-11-21 02:30 UTC>`,
    )
  })

  test('never turns external text into markup', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', '!', '@', '|', '*', '`', 'channel', 'U1', ' ') }),
        (text) => {
          for (const part of [mrkdwn([{ text }]), mrkdwn([strong(text)]), mrkdwn([code(text)])])
            expect(part).not.toMatch(/[<>]/)
        },
      ),
    )
  })

  test('a name in bold or code cannot end the formatting', () => {
    expect(mrkdwn([strong('a*b')]).match(/\*/g)).toHaveLength(2)
    expect(mrkdwn([code('a`b')]).match(/`/g)).toHaveLength(2)
  })

  test('links web addresses only, and a label cannot open another link', () => {
    expect(linkMrkdwn('javascript:alert(1)', 'click')).toBe('click')
    expect(linkMrkdwn('https://a.example/?q=a|b', 'x|y>')).toBe('<https://a.example/?q=a%7Cb|x\u00a6y&gt;>')
  })

  test('keeps mentions typed by a person, and nothing else', () => {
    expect(mrkdwn(typed('<@U0DANA0001> <!channel> <#C1>'))).toBe('<@U0DANA0001> &lt;!channel&gt; &lt;#C1&gt;')
  })
})

describe("Slack's text converts to plain text", () => {
  test.each([
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&amp;lt;', '&lt;'],
    ['see <https://a.example/x|https://a.example/x> now', 'see https://a.example/x now'],
    ['<https://a.example|docs>', 'docs (https://a.example)'],
    ['in <#C0123|general> and <#C0124>', 'in #general and #C0124'],
    ['<@U0DANA0001|dana> knows', '<@U0DANA0001> knows'],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
  ])('%s', (given, expected) => {
    expect(fromSlack(given)).toBe(expected)
  })

  test('escaping and unescaping round-trips', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fromSlack(escapeText(text))).toBe(text)
      }),
    )
  })
})

describe('truncating a long mrkdwn text', () => {
  test('never cuts inside markup', () => {
    const text = `${'x'.repeat(20)} <https://a.example/long|label> after`
    for (let length = 10; length <= text.length; length++) {
      const cut = cutMrkdwn(text, length)
      expect(cut.length).toBeLessThanOrEqual(length + 1)
      expect((cut.match(/</g) ?? []).length).toBe((cut.match(/>/g) ?? []).length)
    }
  })

  test('never cuts inside an entity', () => {
    const text = '&lt;'.repeat(10)
    for (let length = 5; length < text.length; length++) expect(cutMrkdwn(text, length)).toMatch(/^(&lt;)*\u2026?$/)
  })
})
