import { expect, onTestFinished, test } from 'vitest'
import { people, startRoad, textOf, until } from './muster.ts'

const { dana, robin } = people

test("the Home tab shows open incidents with the viewer's roles, their action items, and what was resolved", async () => {
  const road = await startRoad()
  onTestFinished(() => road.stop())
  const general = road.channelNamed('general')!.id
  const homeOf = async (person: string): Promise<string> => {
    await road.act({ type: 'open_home', as: person })
    const home = await until('the Home tab', () => road.sandbox.slack.dump().homes.find(({ user }) => user === person))
    await until('the calls to end', () => road.sandbox.slack.requests.latest('views.publish').length > 0)
    return textOf({ text: '', blocks: home.definition.blocks })
  }
  for (const title of ['Checkout is slow', 'Payments are slow']) await road.command(dana, general, `declare ${title}`)
  await road.settled()
  await road.command(robin, general, 'assign INC-2 commander me')
  await road.command(robin, general, `action INC-1 raise the limit <@${robin}>`)
  await road.command(robin, general, 'resolve INC-1 limit raised')
  await road.settled()
  const [item] = (await road.muster.store.read('INC-1'))!.actions
  expect(item).toMatchObject({ owner: robin })

  const home = await homeOf(robin)
  expect(home).toContain('*INC-2* Payments are slow')
  expect(home).toContain('*you are')
  expect(home).toMatch(/Your action items[\s\S]*raise the limit[\s\S]*INC-1/)
  expect(home).toMatch(/Recently resolved[\s\S]*INC-1\* Checkout is slow/)
  expect(home).toContain('1 open action item')
  expect(await homeOf(dana)).not.toContain('Your action items')
})
