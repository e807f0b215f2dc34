import { expect, test } from 'vitest'
import { people, startRoad, textOf } from './muster.ts'

const announced = async (slackChannel: string) => {
  const road = await startRoad({ file: { services: { checkout: { owner: 'Payments', slackChannel } } } })
  try {
    await road.command(people.dana, road.channelNamed('general')?.id ?? '', 'declare sev2 checkout is slow')
    await road.settled()
    const said = (name: string) =>
      road
        .messages(road.channelNamed(name)?.id)
        .map(textOf)
        .filter((text) => text.includes('checkout is slow')).length
    return {
      channels: /^muster_channel_seconds_count (\d+)$/m.exec(await (await road.inside('/metrics')).text())?.[1],
      incidents: said('incidents'),
      engineering: said('engineering'),
      notes: (await road.muster.store.events('INC-1')).flatMap((event) => (event.type === 'noted' ? [event.text] : [])),
    }
  } finally {
    await road.stop()
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
