import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  charactersOf,
  commandButton,
  context,
  fitting,
  header,
  MESSAGE_CHARACTERS,
  messagesOf,
  section,
  sections,
} from '../../../src/integrations/slack/block.ts'

const textIn = (block: object): string => (block as { text: { text: string } }).text.text

describe("blocks stay within Slack's limits", () => {
  test('for text of any length', () => {
    const long = 'word '.repeat(5_000)
    expect(textIn(section(long)).length).toBeLessThanOrEqual(3_000)
    expect(textIn(header(long)).length).toBeLessThanOrEqual(150)
    expect((context(long).elements as { text: string }[])[0]!.text.length).toBeLessThanOrEqual(2_000)
    expect(textIn(commandButton(long, 'status')).length).toBeLessThanOrEqual(75)
  })

  test('and are never empty, which Slack rejects', () => {
    expect(textIn(section(''))).toBe(' ')
  })
})

describe('a text of any length as sections', () => {
  test('loses no word and keeps markup intact', () => {
    const piece = fc.constantFrom(
      'word',
      '<@U0DANA0001>',
      '&lt;tag&gt;',
      '<!date^1^{date} {time}|2026 UTC>',
      '\u{1F525}',
    )
    fc.assert(
      fc.property(fc.array(piece, { minLength: 500, maxLength: 1_500 }), (words) => {
        const text = words.join(' ')
        const parts = sections(text).map(textIn)
        expect(parts.join(' ')).toBe(text)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(3_000)
          expect(part.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('splits a single overlong word where necessary', () => {
    const parts = sections('x'.repeat(7_000)).map(textIn)
    expect(parts.map(({ length }) => length)).toEqual([3_000, 3_000, 1_000])
  })
})

describe('a list of blocks as messages', () => {
  const many = Array.from({ length: 120 }, (_, i) => section(`block ${i}`))

  test('at most 50 blocks each, none lost, in order', () => {
    const messages = messagesOf(many)
    expect(messages.map(({ length }) => length)).toEqual([50, 50, 20])
    expect(messages.flat()).toEqual(many)
  })

  test('never more characters than Slack accepts', () => {
    const messages = messagesOf(Array.from({ length: 20 }, () => section('x'.repeat(2_900))))
    for (const blocks of messages) expect(charactersOf(blocks)).toBeLessThanOrEqual(MESSAGE_CHARACTERS)
    expect(messages.flat()).toHaveLength(20)
  })

  test('an edited message keeps what fits', () => {
    expect(fitting(many)).toHaveLength(50)
    expect(fitting([])).toEqual([])
  })
})
