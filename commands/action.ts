import { z } from 'zod'
import {
  code,
  defineIncidentCommand,
  firstWord,
  type IncidentContext,
  Mention,
  type Phrase,
  person,
  say,
  strong,
  toYou,
  words,
} from '../src/conversation/command.ts'
import {
  actionItem,
  addAction,
  editAction,
  moveAction,
  removeAction,
  snoozeAction,
} from '../src/incident/action-decisions.ts'
import { ActionKind, ActionState } from '../src/incident/action-event.ts'
import { ACTION_STATE_NAMES, type ActionItem, actionState, openActions } from '../src/incident/action-item.ts'
import { actionMenu } from '../src/incident/action-menu.ts'
import { isDay, isSpokenDay, parseAction } from '../src/incident/action-text.ts'
import { actionLine } from '../src/incident/action-words.ts'
import { clockIn } from '../src/incident/zone.ts'

const VERBS = {
  done: 'done',
  finish: 'done',
  complete: 'done',
  start: 'in_progress',
  drop: 'dropped',
  reopen: 'open',
} as const satisfies Record<string, ActionState>
/** Slack: a message has at most 50 blocks; each open item is one. */
const MOST_ROWS = 40
const SNOOZE_DAYS = 7

const NUMBER = 'give the number of an action item, like `action done 2`; `action list` shows them'
const ItemNumber = z.coerce.number(NUMBER).int(NUMBER).positive(NUMBER)
const text = z
  .string('say what needs to be done')
  .trim()
  .min(1, 'say what needs to be done')
  .max(3000, 'keep an action item under 3,000 characters')
const details = {
  owner: z.union([Mention, z.string().regex(/^[UW][A-Z0-9]+$/, 'mention one person, like @dana')]).nullish(),
  kind: ActionKind.nullish(),
  due: z.string().refine(isDay, 'give the day as year-month-day, like `due 2026-12-01`').nullish(),
  ticket: z.string().trim().max(500, 'keep the link under 500 characters').nullish(),
}
const reason = z.string().max(500, 'keep the reason under 500 characters').optional()

const Input = z.discriminatedUnion(
  'do',
  [
    z.strictObject({
      do: z.literal('add'),
      text,
      ...details,
      message: z.object({ channel: z.string(), ts: z.string(), link: z.string().optional() }).optional(),
    }),
    z.strictObject({
      do: z.literal('edit'),
      item: ItemNumber,
      text: text.optional(),
      ...details,
      state: ActionState.nullish(),
    }),
    z.strictObject({ do: z.literal('move'), item: ItemNumber, state: ActionState, reason }),
    z.strictObject({ do: z.literal('remove'), item: ItemNumber, reason }),
    z.strictObject({ do: z.literal('take'), item: ItemNumber }),
    z.strictObject({
      do: z.literal('snooze'),
      item: ItemNumber,
      days: z.coerce.number().int().min(1, 'say for how many days').max(90, 'snooze it for 90 days at the most'),
    }),
    z.strictObject({ do: z.literal('list'), all: z.boolean().optional() }),
  ],
  'say what needs to be done, or `done` and the number of an action item',
)

export default defineIncidentCommand({
  summary: 'Add a follow-up action item; edit, start, complete, drop, reopen or remove one',
  usage:
    'action <what> [@owner] [due <day>] | action done|start|drop|reopen|remove|take|snooze <number> | action edit <number> [changes] | action list [all]',
  examples: [
    'action [preventative] alert on connection count @dana due friday (SHOP-12)',
    'action done 2',
    'action edit 2 due 2026-12-01',
    'action drop 3 the service is retired',
  ],
  aliases: ['todo', 'actions'],
  async parse(typed, context) {
    const [first, rest] = firstWord(typed)
    const verb = first.toLowerCase()
    const [number, words] = firstWord(rest)
    if (verb === 'list') return { do: 'list', ...(/^all$/i.test(rest) ? { all: true } : {}) }
    const item = number.replace(/^#/, '')
    // `drop the old index` and `done 2` both start with a verb; only the number makes it a change of state.
    if (/^\d+$/.test(item) || (verb === 'done' && !rest.includes(' '))) {
      if (Object.hasOwn(VERBS, verb))
        return { do: 'move', item, state: VERBS[verb as keyof typeof VERBS], ...(words ? { reason: words } : {}) }
      if (verb === 'remove' || verb === 'delete') return { do: 'remove', item, ...(words ? { reason: words } : {}) }
      if (verb === 'take') return { do: 'take', item }
      if (verb === 'snooze') return { do: 'snooze', item, days: /\d+/.exec(words)?.[0] ?? SNOOZE_DAYS }
      if (verb === 'edit') {
        const { text, ...changes } = await itemFrom(words, context)
        const cleared = CLEARED.filter(([pattern]) => pattern.test(text)).map(([, member]) => [member, null])
        const left = CLEARED.reduce((left, [pattern]) => left.replace(pattern, ''), text).trim()
        return { do: 'edit', item, ...changes, ...Object.fromEntries(cleared), ...(left ? { text: left } : {}) }
      }
    }
    return { do: 'add', ...(await itemFrom(typed, context)) }
  },
  input: z.preprocess((given) => ({ do: 'add', ...(given as object) }), Input),
  opensForm: /^edit\s+#?\d+$/i,
  form: ({ incident }, typed) => {
    const number = /\d+/.exec(typed)?.[0]
    const item = number === undefined ? undefined : actionItem(incident, Number(number))
    return {
      title: item ? `Action item ${item.id}` : 'Add an action item',
      submit: item ? 'Save' : 'Add',
      given: item ? { do: 'edit', item: item.id } : { do: 'add' },
      fields: [
        { name: 'text', label: 'What needs to be done?', kind: 'text', ...initial(item?.text) },
        { name: 'owner', label: 'Who owns it?', kind: 'person', optional: true, ...initial(item?.owner) },
        {
          name: 'kind',
          label: 'What is it for?',
          kind: 'choice',
          optional: true,
          ...initial(item?.kind),
          options: KIND_OPTIONS,
        },
        { name: 'due', label: 'Due', kind: 'date', optional: true, ...initial(item?.due) },
        {
          name: 'ticket',
          label: 'Ticket',
          kind: 'line',
          optional: true,
          placeholder: 'https://... or SHOP-12',
          ...initial(item?.ticket),
        },
        ...(item
          ? [
              {
                name: 'state',
                label: 'State',
                kind: 'choice' as const,
                initial: actionState(item),
                options: ActionState.options.map((value) => ({ value, label: ACTION_STATE_NAMES[value] })),
              },
            ]
          : []),
      ],
    }
  },
  async run(input, context) {
    const { act, change } = context
    switch (input.do) {
      case 'list':
        return list(context, input.all ?? false)
      case 'add': {
        const { do: _do, owner, kind, due, ticket, ...rest } = input
        const wanted = { ...rest, ...present({ owner, kind, due, ticket }) }
        const { incident, events } = await change((before) => addAction(before, wanted, act))
        const [added] = events
        if (added?.type !== 'action_added') return say`That action item is on the list already.`
        return say`Action item ${added.id} of ${incident.id} added. It will be in the postmortem.${notReminded(incident, owner)}`
      }
      case 'edit': {
        const { do: _do, item: id, state, ...changes } = input
        const { incident, events } = await change((now) => [
          ...editAction(now, { id, ...changes }, act),
          ...(state ? moveAction(now, { id, state }, act) : []),
        ])
        const item = actionItem(incident, id)
        const today = clockIn(await context.timezone()).date(act.at)
        return events.length === 0
          ? say`Action item ${id} reads like that already.`
          : say`Action item ${actionLine(item, today)}.${notReminded(incident, changes.owner)}`
      }
      case 'take': {
        const { events } = await change((now) => editAction(now, { id: input.item, owner: act.by }, act))
        return events.length > 0
          ? say`Action item ${input.item} is yours.`
          : say`Action item ${input.item} is yours already.`
      }
      case 'move': {
        const { item: id, state, reason } = input
        const { events } = await change((now) => moveAction(now, { id, state, reason }, act))
        const already = events.length > 0 ? '' : ' already'
        return say`Action item ${id} is ${ACTION_STATE_NAMES[state]}${already}.`
      }
      case 'remove': {
        const { events } = await change((now) => removeAction(now, { id: input.item, reason: input.reason }, act))
        return events.length > 0
          ? say`Action item ${input.item} is removed.`
          : say`Action item ${input.item} is removed already.`
      }
      case 'snooze': {
        await change((now) => snoozeAction(now, { id: input.item, days: input.days }, act))
        return say`Nobody is reminded of action item ${input.item} for ${input.days} ${input.days === 1 ? 'day' : 'days'}.`
      }
      default:
        return input satisfies never
    }
  },
})

const KIND_OPTIONS = [
  { value: 'mitigate', label: 'Mitigate', description: 'Makes the harm smaller next time' },
  { value: 'corrective', label: 'Corrective', description: 'Repairs what was broken' },
  { value: 'preventative', label: 'Preventative', description: 'Keeps it from happening again' },
  { value: 'process', label: 'Process', description: 'Changes how we work' },
]

/** `action edit 2 no owner` removes the owner. */
const CLEARED: [pattern: RegExp, member: string][] = [
  [/\bno owner\b/i, 'owner'],
  [/\bno due( date)?\b/i, 'due'],
  [/\bno ticket\b/i, 'ticket'],
  [/\bno (type|kind)\b/i, 'kind'],
]

const initial = (value: string | undefined) => (value === undefined ? {} : { initial: value })

const present = <Members extends object>(members: Members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined)) as {
    [Name in keyof Members]?: Exclude<Members[Name], null>
  }

/** The parsed input: the text without its owner, day and ticket. */
const itemFrom = async (typed: string, { act, timezone }: IncidentContext) => {
  const owner = words(typed).find((word) => Mention.safeParse(word).success)
  const rest = owner ? typed.replace(owner, '').replace(/ {2,}/g, ' ').trim() : typed
  // The person's zone is looked up only when the day depends on it.
  const today = isSpokenDay(rest) ? clockIn(await timezone()).date(act.at) : undefined
  return { ...parseAction(rest, today), ...(owner ? { owner } : {}) }
}

/** For a private incident only its members are notified. */
const notReminded = (
  { private: hidden, people, id }: IncidentContext['incident'],
  owner: string | null | undefined,
): Phrase[] =>
  hidden && owner && !people.includes(owner)
    ? say` ${person(owner)} is not in this private incident and is not reminded; ${code(`/incident access ${id}`)} from them, or an invitation, lets them in.`
    : []

const list = async ({ incident, timezone, act }: IncidentContext, all: boolean) => {
  if (incident.actions.length === 0)
    return say`No action items yet. ${code('/incident action <what> @owner')} adds one.`
  const today = clockIn(await timezone()).date(act.at)
  const open = openActions(incident)
  const over = incident.actions.filter(({ done }) => done)
  const rowOf = (item: ActionItem) => ({ line: actionLine(item, today), menu: actionMenu(incident, item, act.by) })
  const shown = [...open, ...(all ? over : [])]
  const left = shown.length - MOST_ROWS
  const heading = say`${strong(`Action items of ${incident.id}`)}: ${open.length} open, ${over.length} done or dropped`
  return {
    ...toYou(
      heading,
      ...(left > 0 ? [say`The first ${MOST_ROWS} are shown; the rest is in the postmortem.`] : []),
      ...(!all && over.length > 0 ? [say`${code('/incident action list all')} shows those, too.`] : []),
    ),
    rows: shown.slice(0, MOST_ROWS).map(rowOf),
  }
}
