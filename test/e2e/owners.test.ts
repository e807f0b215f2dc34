import { expect, test } from 'vitest'
import { people, startStack, textOf } from './stack.ts'

const announced = async (slackChannel: string) => {
  const stack = await startStack({ file: { services: { checkout: { owner: 'Payments', slackChannel } } } })
  try {
    await stack.command(people.dana, stack.channelNamed('general')?.id ?? '', 'declare sev2 checkout is slow')
    await stack.settled()
    const textIn = (name: string) =>
      stack
        .messages(stack.channelNamed(name)?.id)
        .map(textOf)
        .filter((text) => text.includes('checkout is slow')).length
    return {
      channels: /^muster_channel_seconds_count (\d+)$/m.exec(await (await stack.inside('/metrics')).text())?.[1],
      incidents: textIn('incidents'),
      engineering: textIn('engineering'),
      notes: (await stack.muster.store.events('INC-1')).flatMap((event) =>
        event.type === 'noted' ? [event.text] : [],
      ),
    }
  } finally {
    await stack.stop()
  }
}

test('the owners of a service are notified of its incidents in their own channel', async () => {
  expect(await announced('#engineering')).toEqual({ channels: '1', incidents: 1, engineering: 1, notes: [] })
})

test("an owners' channel unknown to Slack is reported on the timeline", async () => {
  const { incidents, engineering, notes } = await announced('#nowhere')
  expect([incidents, engineering]).toEqual([1, 0])
  expect(notes).toEqual([expect.stringMatching(/^Could not announce it in #nowhere: .*channel_not_found/)])
})
