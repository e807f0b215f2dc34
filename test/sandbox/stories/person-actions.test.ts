import { expect, test } from 'vitest'
import type { ConversationView, MessageView, ModalView, WorkspaceView } from '../../../sandbox/slack/client-api.ts'
import { declaresIn, presses, reacts, says, submits, types, typesIn } from '../../../sandbox/stories/person-actions.ts'
import type { SlackSession } from '../../../sandbox/stories/slack-session.ts'

const channel = (name: string, members: string[] = []): ConversationView => ({
  id: `C0${name.toUpperCase()}`,
  name,
  kind: 'channel',
  topic: '',
  purpose: '',
  archived: false,
  members,
  pins: ['1.000100'],
  bookmarks: [],
  unread: 0,
})

const message = (ts: string, text: string, blocks: MessageView['blocks'] = []): MessageView => ({
  channel: 'C0INC',
  ts,
  user: 'U0BOT',
  text,
  blocks,
  files: [],
  reactions: [],
  edited: false,
  ephemeral: false,
})

const button = {
  type: 'button',
  action_id: 'take_command',
  text: { type: 'plain_text', text: 'Take command' },
  value: 'me',
}

/** A Slack session of Olena's, with an incident channel if given. */
const seen = (
  changes: Partial<{ incident: ConversationView; messages: MessageView[]; modals: ModalView[] }> = {},
): SlackSession => ({
  me: 'U0OLENA',
  workspace: async () =>
    ({
      conversations: [channel('engineering', ['U0OLENA'])],
      modals: changes.modals ?? [],
    }) as unknown as WorkspaceView,
  messages: async () => changes.messages ?? [],
  incidentChannel: async () => changes.incident,
  incidentChannelNow: async () => changes.incident,
})
const member = channel('inc', ['U0OLENA'])

test('a person joins the incident channel before acting in it', async () => {
  const acts = await says('olena', 'hello').act(seen({ incident: channel('inc') }))
  expect(acts.map(({ type }) => type)).toEqual(['join', 'message'])
  const inside = await types('olena', 'status identified').act(seen({ incident: member }))
  expect(inside).toEqual([
    { type: 'command', as: 'U0OLENA', channel: 'C0INC', command: '/incident', text: 'status identified' },
  ])
})

test('there is no action without an incident channel', async () => {
  expect(await says('olena', 'hello').act(seen())).toEqual([])
  expect(await typesIn('olena', 'nowhere', 'list').act(seen())).toEqual([])
  expect(await typesIn('olena', 'engineering', 'list').act(seen())).toHaveLength(1)
})

test('an incident is declared only when the story has none yet', async () => {
  const declare = declaresIn('olena', 'engineering', 'sev2 it is slow')
  expect(await declare.act(seen())).toMatchObject([{ type: 'command', text: 'declare sev2 it is slow' }])
  expect(await declare.act(seen({ incident: member }))).toMatchObject([{ type: 'read', channel: 'C0INC' }])
})

test('a reaction goes to the newest message with the text', async () => {
  const messages = [
    message('1.000100', 'went flat'),
    message('2.000100', 'it went flat again'),
    message('3.000100', 'ok'),
  ]
  const [act] = await reacts('olena', 'pushpin', 'went flat').act(seen({ incident: member, messages }))
  expect(act).toMatchObject({ type: 'reaction', ts: '2.000100', name: 'pushpin' })
})

test('a button is found by its action id on the pinned summary only', async () => {
  const blocks = [{ type: 'actions', block_id: 'b1', elements: [button] }]
  const messages = [message('1.000100', 'summary', blocks), message('2.000100', 'other', blocks)]
  const [act, ...others] = await presses('olena', 'take_command').act(seen({ incident: member, messages }))
  expect(act).toMatchObject({ type: 'block_action', in: { ts: '1.000100' }, action: { ...button, block_id: 'b1' } })
  expect(others).toEqual([])
  expect(await presses('olena', 'unknown').act(seen({ incident: member, messages }))).toEqual([])
})

test("a modal is submitted with its initial values and the person's answers", async () => {
  const option = (value: string) => ({ value, text: { type: 'plain_text', text: value } })
  const input = (block_id: string, element: object) => ({ type: 'input', block_id, element })
  const blocks = [
    input('title', { type: 'plain_text_input', action_id: 'title', initial_value: 'slow' }),
    input('why', { type: 'plain_text_input', action_id: 'why' }),
    input('severity', {
      type: 'static_select',
      action_id: 'severity',
      options: [option('sev1'), option('sev2')],
      initial_option: option('sev2'),
    }),
    input('who', { type: 'users_select', action_id: 'who', initial_user: 'U0DANA' }),
    { type: 'section', block_id: 'text' },
  ]
  const modals = [{ id: 'V1', view: { blocks }, errors: {} }] as unknown as ModalView[]
  const [act] = await submits('olena', { severity: 'sev1', why: 'because' }).act(seen({ modals }))
  expect(act).toMatchObject({
    modal: 'V1',
    state: {
      title: { title: { type: 'plain_text_input', value: 'slow' } },
      why: { why: { value: 'because' } },
      severity: { severity: { selected_option: option('sev1') } },
      who: { who: { selected_user: 'U0DANA' } },
    },
  })
  expect(await submits('olena').act(seen())).toEqual([])
})
