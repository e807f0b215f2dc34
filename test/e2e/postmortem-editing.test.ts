import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
let stack: Stack
let channel: string

beforeAll(async () => {
  stack = await startStack()
  const general = stack.channelNamed('general')!.id
  await stack.command(dana, general, 'declare sev2 Checkout is slow')
  channel = (await until('the channel', () => stack.incidentChannel(1))).id
  await stack.settled()
  for (const as of [robin, mei]) await stack.act({ type: 'join', as, channel })
  await stack.command(dana, channel, 'note root cause: the pool was too small')
  await stack.command(dana, channel, 'resolve made the pool larger')
  await stack.settled()
})
afterAll(() => stack.stop())

type Input = { block_id: string; label: { text: string }; hint?: { text: string }; element: { initial_value?: string } }

/** The form as it stands in somebody's window. */
const formOf = (person: string) =>
  until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === person))
const inputsOf = async (person: string): Promise<Record<string, Input>> => {
  const { definition } = (await formOf(person)) as unknown as { definition: { blocks: Input[] } }
  return Object.fromEntries(definition.blocks.map((block) => [block.block_id, block]))
}
/** Opens the form and changes some of its texts; the rest is sent as it was shown. */
const open = async (person: string, text = 'postmortem') => {
  await stack.command(person, channel, text)
  const modal = await formOf(person)
  const shown = await inputsOf(person)
  return {
    shown,
    save: (changed: Record<string, string>) =>
      stack.act({
        type: 'submit_modal',
        as: person,
        modal: modal.id,
        state: Object.fromEntries(
          Object.entries(shown).map(([name, { element }]) => [
            name,
            { value: { type: 'plain_text_input', value: changed[name] ?? element.initial_value ?? null } },
          ]),
        ),
      }),
  }
}
const toldTo = (person: string) =>
  textOf(
    stack
      .messages()
      .filter(({ onlyFor }) => onlyFor === person)
      .at(-1),
  )
const markdown = async () => (await stack.muster.postmortems.markdown('INC-1'))!
const sectionOf = (text: string, heading: string) => text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]?.trim()
const shared = () => stack.messages(channel).find(({ text }) => /^The postmortem (draft )?of INC-1/.test(text))
const edits = async () => stack.muster.store.events('INC-1', { types: ['postmortem_edited'] })

describe('editing the postmortem', () => {
  test('the form shows the generated text, and saving it unchanged does not freeze it', async () => {
    const form = await open(dana)
    expect(form.shown.root_causes?.element.initial_value).toBe('The pool was too small.')
    expect(form.shown.summary?.element.initial_value).toContain('INC-1 was a SEV2 incident')
    await form.save({})
    await until('the answer', () => toldTo(dana).includes('Nothing has changed'))
    expect(await edits()).toEqual([])
  })

  test('a saved section replaces the generated text, and later facts are shown beside it', async () => {
    const form = await open(dana)
    await form.save({ root_causes: '- The pool held 20 connections.\n- Each request took two of them.' })
    await until('the answer', () => toldTo(dana).includes('Saved: Root causes.'))
    expect(sectionOf(await markdown(), 'Root Causes')).toBe(
      '- The pool held 20 connections.\n- Each request took two of them.',
    )
    await stack.command(robin, channel, 'note root cause: a retry storm kept it full')
    await stack.settled()
    const text = await markdown()
    expect(sectionOf(text, 'Root Causes')).toBe(
      [
        '- The pool held 20 connections.',
        '- Each request took two of them.',
        '- From the log since this was edited: A retry storm kept it full.',
      ].join('\n'),
    )
    // The rest is still Muster's.
    expect(sectionOf(text, 'Summary')).toContain('INC-1 was a SEV2 incident')
    expect(text).toContain('- Dana Whitfield (Editor)')
  })

  test('the form shows later facts below the section; saving a change marks them as seen', async () => {
    const form = await open(dana)
    expect(form.shown.root_causes?.hint?.text).toContain('A retry storm kept it full.')
    await form.save({ root_causes: 'The pool held 20 connections, and retries kept it full.' })
    await until('the section', async () =>
      sectionOf(await markdown(), 'Root Causes')?.startsWith('- The pool held 20 connections, and'),
    )
    expect(sectionOf(await markdown(), 'Root Causes')).toBe('- The pool held 20 connections, and retries kept it full.')
  })

  test('of two people who edit at once neither loses text, and the second sees both versions', async () => {
    const first = await open(dana)
    const second = await open(robin)
    await first.save({ lucky: 'It was Sunday.', trigger: 'The 08:06 deploy.' })
    await until('the first', async () => (await markdown()).includes('It was Sunday.'))
    await second.save({ lucky: 'Mei was awake.' })
    await until('both', () => toldTo(robin).includes('while you were writing'))
    expect(toldTo(robin)).toContain('It was Sunday.\nMei was awake.')
    const lucky = (await markdown()).split('### Where we got lucky')[1]?.split('\n## ')[0]?.trim()
    expect(lucky).toBe('- It was Sunday.\n- Mei was awake.')
    // What the second one did not touch stays the first one's.
    expect(sectionOf(await markdown(), 'Trigger')).toContain('- The 08:06 deploy.')
  })

  test('clearing a section restores the generated text, and the history keeps every version', async () => {
    const form = await open(dana)
    await form.save({ root_causes: '' })
    await until('Muster\u2019s text', async () => (await markdown()).includes('- The pool was too small.'))
    await stack.command(mei, channel, 'postmortem history')
    await until('the history', () => toldTo(mei).includes('The pool held 20 connections, and retries kept it full.'))
    expect(toldTo(mei)).toContain('left to Muster again')
  })

  test('a text longer than one input is split across several and saved in full', async () => {
    const long = Array.from({ length: 60 }, (_, i) => `Line ${i + 1} ${'of a long story '.repeat(5).trim()}.`)
    const form = await open(dana)
    await form.save({ detection: long.slice(0, 33).join('\n') })
    await until('the first part', async () => (await markdown()).includes('Line 33 '))
    const again = await open(dana)
    expect(again.shown['detection~2']?.label.text).toBe('Detection, continued')
    await again.save({ 'detection~2': long.slice(33).join('\n') })
    await until('the rest', async () => (await markdown()).includes('Line 60 '))
    const third = await open(dana)
    expect(third.shown['detection~2']?.element.initial_value).toContain('Line 60 ')
    for (const { element } of Object.values(third.shown)) expect(element.initial_value?.length ?? 0).toBeLessThan(3001)
    const before = (await edits()).length
    await third.save({})
    await until('the answer', () => toldTo(dana).includes('Nothing has changed'))
    expect((await edits()).length).toBe(before)
  })
})

describe('from draft to published', () => {
  test('a reviewer is asked by direct message and approves there', async () => {
    await stack.command(dana, channel, `postmortem review <@${mei}> <@${robin}> mind the trigger`)
    const direct = await until('the request', () =>
      stack.messages().find((message) => message.channel !== channel && message.text.includes('asks you to review')),
    )
    expect(textOf(direct)).toContain('mind the trigger')
    expect((await markdown()).split('## Status')[1]).toContain('Reviewers: 林 美玲 (not yet), Robin Okafor (not yet)')
    await until('the shared message', () => shared()?.text === 'The postmortem of INC-1 is in review.')
    expect(textOf(shared())).toContain(`waits for <@${mei}> and <@${robin}>`)

    const button = direct.blocks?.flatMap(({ elements, block_id }) =>
      ((elements ?? []) as { value?: string; action_id: string; type: string }[])
        .filter(({ value }) => value === 'postmortem INC-1 approve')
        .map((element) => ({ ...element, block_id: block_id! })),
    )[0]
    const as =
      direct.channel &&
      stack
        .channels()
        .find(({ id }) => id === direct.channel)!
        .members.find((id) => id === mei)
    await stack.act({
      type: 'block_action',
      as: as ?? robin,
      in: { channel: direct.channel, ts: direct.ts },
      action: button!,
    })
    await until('the approval', async () => (await stack.muster.store.read('INC-1'))?.review?.approved.length === 1)
  })

  test('somebody who is not a reviewer cannot approve, and is told what to do instead', async () => {
    await stack.command(dana, channel, 'postmortem approve')
    await until('the refusal', () => toldTo(dana).includes('Nobody asked you to review'))
  })

  test('publishing names who has not approved, and the document is marked as published', async () => {
    await stack.command(dana, channel, 'postmortem publish')
    await until('the answer', () => toldTo(dana).includes('had not approved it yet'))
    expect((await markdown()).split('## Status')[1]?.trim()).toMatch(/^Published since \d{4}-/)
    await until('the shared message', () => shared()?.text === 'The postmortem of INC-1 is published.')
    await stack.command(dana, channel, 'postmortem approve')
    await until('the refusal', () => toldTo(dana).includes('is published already'))
  })

  test('without names, a form chooses the reviewers', async () => {
    await stack.command(dana, channel, 'postmortem review')
    const shown = await inputsOf(dana)
    expect(Object.keys(shown)).toEqual(['reviewers', 'text'])
    const modal = await formOf(dana)
    await stack.act({
      type: 'submit_modal',
      as: dana,
      modal: modal.id,
      state: {
        reviewers: { value: { type: 'multi_users_select', selected_users: [robin] } },
        text: { value: { type: 'plain_text_input', value: null } },
      },
    })
    await until('the review', async () => (await stack.muster.store.read('INC-1'))?.review?.state === 'in review')
    expect((await stack.muster.store.read('INC-1'))?.review?.reviewers).toEqual([robin])
  })

  test('the postmortem cannot be edited while the incident is open', async () => {
    await stack.command(dana, channel, 'reopen it is back')
    await stack.settled()
    await stack.command(dana, channel, 'postmortem')
    await until('the refusal', () => toldTo(dana).includes('The postmortem is drafted when it is resolved'))
  })
})
