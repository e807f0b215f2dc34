import type { Option, OptionGroup } from '@slack/types'
import type { WorkspaceView } from '../../slack/client-api.ts'
import { Avatar } from '../avatar.ts'
import { useConfirm } from '../confirm.ts'
import { html } from '../html.ts'
import { useWorkspace } from '../session.ts'
import { plain, TextLine } from '../text/text.ts'
import { type Choice, Combobox } from './combobox.ts'
import { type ElementProps, useElement } from './element.ts'
import { type Element, memberOf } from './values.ts'

/** A single select of options, people, channels or conversations. */
export function SingleSelect(props: ElementProps) {
  const { element } = props
  const { value, enter, isBusy } = useElement(props)
  const confirmed = useConfirm(element.confirm as Parameters<typeof useConfirm>[0])
  const member = memberOf(element) ?? 'selected_option'
  const choices = choicesOf(element, useWorkspace())
  const held = value[member] as Option | string | null
  const chosen = held === null || held === undefined ? [] : [idOf(held)]
  const choose = async ([id]: string[]) => {
    if (await confirmed()) enter({ [member]: id === undefined ? null : heldFor(element, id) })
  }
  return html`<${Combobox} ...${shared(props)} choices=${choices} chosen=${chosen} onChoose=${choose} isBusy=${isBusy} />`
}

/** The same with multiple selection. */
export function MultiSelect(props: ElementProps) {
  const { element } = props
  const { value, enter, isBusy } = useElement(props)
  const member = memberOf(element) ?? 'selected_options'
  const choices = choicesOf(element, useWorkspace())
  const chosen = ((value[member] as (Option | string)[] | null) ?? []).map(idOf)
  const choose = (ids: string[]) => enter({ [member]: ids.map((id) => heldFor(element, id)) })
  return html`<${Combobox} ...${shared(props)} multiple max=${element.max_selected_items} choices=${choices} chosen=${chosen} onChoose=${choose} isBusy=${isBusy} />`
}

const shared = ({ element, labelledBy, describedBy, required }: ElementProps) => ({
  labelledBy,
  describedBy,
  required,
  placeholder: plain(element.placeholder as { text: string } | undefined) || 'Choose',
})

const idOf = (held: Option | string) => (typeof held === 'string' ? held : (held.value ?? ''))

const optionsOf = (element: Element): { option: Option; group?: string }[] => [
  ...((element.options ?? []) as Option[]).map((option) => ({ option })),
  ...((element.option_groups ?? []) as OptionGroup[]).flatMap(({ label, options }) =>
    options.map((option) => ({ option, group: plain(label) })),
  ),
]

/** The element's value for a chosen id: the option object, or the id itself. */
const heldFor = (element: Element, id: string) =>
  isOfOptions(element) ? (optionsOf(element).find(({ option }) => option.value === id)?.option ?? null) : id

const isOfOptions = ({ type }: Element) => /(static|external)_select$/.test(type)

function choicesOf(element: Element, workspace: WorkspaceView): Choice[] {
  if (isOfOptions(element))
    return optionsOf(element).map(({ option, group }) => ({
      id: option.value ?? '',
      words: plain(option.text),
      label: html`<${TextLine} text=${option.text} />`,
      hint: option.description && plain(option.description),
      group,
    }))
  if (element.type.endsWith('users_select'))
    return workspace.people.map((person) => ({
      id: person.id,
      words: person.realName,
      alias: person.name,
      label: html`<span class="person-line"><${Avatar} person=${person} size="20" />${person.realName}</span>`,
      hint: person.title || undefined,
    }))
  const wantsPeople = element.type.endsWith('conversations_select')
  return workspace.conversations
    .filter(({ kind, archived }) => !archived && (wantsPeople || kind === 'channel'))
    .map(({ id, name, kind }) => ({ id, words: name, label: kind === 'dm' ? name : `#${name}` }))
}
