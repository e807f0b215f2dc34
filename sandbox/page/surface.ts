import { createContext } from 'preact'
import { useContext, useMemo, useRef, useState } from 'preact/hooks'
import type { Block, InputState, UserAction } from '../slack/client-api.ts'
import { collectState, type Element, initialValue, type Value } from './elements/values.ts'
import { html, type Shown } from './html.ts'
import { useSession } from './session.ts'

export type Where = Extract<UserAction, { type: 'block_action' }>['in']

/** The surface that blocks are rendered on: input values, errors, and where actions are sent. */
export type Surface = {
  where: Where
  /** An element's value in Slack's format; undefined without an initial value until changed. */
  value(block: string, element: Element): Value
  /** Stores a value. */
  enter(block: string, element: Element, value: Value): void
  /** Sends a `block_action` to the app. */
  act(block: string, element: Element, chosen: Record<string, unknown>): Promise<void>
  error(block: string): string | undefined
  /** An action of this element is in progress. */
  isBusy(block: string, element: Element): boolean
}

const SurfaceContext = createContext<Surface | undefined>(undefined)

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext)
  if (!surface) throw new Error('an element outside a surface')
  return surface
}

/** Values entered on a surface. As in Slack, they survive an update of the blocks if the ids stay the same. */
export function useEntries(blocks: Block[]) {
  const [entered, setEntered] = useState<Record<string, Value>>({})
  // A ref: two changes within one frame must both be kept, and a submission must see the last key press.
  const latest = useRef(entered)
  return useMemo(
    () => ({
      value: (block: string, element: Element) =>
        latest.current[`${block}/${element.action_id}`] ?? initialValue(element),
      enter: (block: string, element: Element, value: Value) => {
        latest.current = { ...latest.current, [`${block}/${element.action_id}`]: value }
        setEntered(latest.current)
      },
      collect: (): InputState =>
        collectState(blocks, (block, element) => latest.current[`${block}/${element.action_id}`]),
    }),
    [entered, blocks],
  )
}

export type Entries = ReturnType<typeof useEntries>

export function SurfaceProvider(props: {
  where: Where
  entries: Entries
  errors?: Record<string, string>
  children?: Shown
}) {
  const session = useSession()
  const [busy, setBusy] = useState<string>()
  const { where, entries, errors = {} } = props
  const surface: Surface = {
    where,
    value: entries.value,
    enter: entries.enter,
    error: (block) => errors[block],
    isBusy: (block, element) => busy === `${block}/${element.action_id}`,
    async act(block, element, chosen) {
      setBusy(`${block}/${element.action_id}`)
      const action = { type: element.type, action_id: element.action_id ?? '', block_id: block, ...chosen }
      await session.act({ type: 'block_action', in: where, action, state: entries.collect() })
      setBusy(undefined)
    },
  }
  return html`<${SurfaceContext.Provider} value=${surface}>${props.children}<//>`
}
