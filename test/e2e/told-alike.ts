import { expect } from 'vitest'
import type { Sandboxed } from './sandboxed.ts'
import { textOf } from './stack.ts'

/** The first group of a pattern in a text; fails when it is not there. */
const found = (text: string, pattern: RegExp): string => {
  expect(text).toMatch(pattern)
  return pattern.exec(text)?.[1] ?? ''
}

const SINCE = /since <!date\^(\d+)\^/

/** What somebody reads in #incidents, on the pinned summary, in the channel and in the document must agree. */
export const expectToldAlike = async ({ sandbox, muster }: Sandboxed): Promise<void> => {
  const { channels, messages } = sandbox.slack.dump()
  const incident = (await muster.store.read('INC-1'))!
  const document = (await muster.postmortems.markdown('INC-1'))!
  const said = (where: { channel: string; ts: string } | undefined) =>
    textOf(messages.find(({ channel, ts }) => channel === where?.channel && ts === where?.ts))

  const pinned = channels.find(({ id }) => id === incident.channel?.id)!.pins[0]!.ts
  const summary = said({ channel: incident.channel!.id, ts: pinned })
  expect(found(said(incident.messages.announcement), SINCE), 'the announcement').toBe(found(summary, SINCE))
  expect(document).toContain(`lasted ${found(summary, /lasted ([^\n]+)/)}, from`)

  const ready = messages.map(textOf).find((text) => text.includes('postmortem draft of INC-1 is ready'))!
  for (const [, name, length] of ready.matchAll(/(time to \w+) ([\dhmins ]+\d* ?(?:s|min|h))(?= \u00b7)/g))
    expect(document.toLowerCase(), `${name} ${length}`).toContain(`| ${name} | **${length}`)

  // Its buttons are gone by now: what introduced them must not be left without them.
  const small = messages.flatMap(({ blocks = [] }) =>
    blocks.filter(({ type }) => type === 'context').flatMap(({ elements }) => elements as { text?: string }[]),
  )
  expect(small.filter(({ text }) => text?.trim().endsWith(':'))).toEqual([])

  // An estimate that changed, a draft written again and a count that grew are one entry each.
  const appendix = document.slice(document.indexOf('### Appendix'))
  expect(appendix.match(/\| Estimate: impact started/g)?.length).toBe(1)
  expect(appendix.match(/Postmortem draft \d+ written/g)?.length).toBe(1)
  const lines = appendix.split('\n').filter((line) => /killed.* for lack of memory/.test(line))
  expect(lines.length).toBeLessThanOrEqual(1)
}
