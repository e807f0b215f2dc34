import { createContext } from 'preact'
import { useContext, useMemo, useRef, useState } from 'preact/hooks'
import type { Block, InputState, UserAction } from '../slack/client-api.ts'
import { collectState, type Element, initialValue, type Value } from './elements/values.ts'
import { html, type Shown } from './html.ts'
import { useSession } from './session.ts'

export type Where = Extract<UserAction, { type: 'block_action' }>['in']

/** Where blocks stand: what their inputs hold, what is wrong with them, and where a click goes. */
export type Surface = {
  where: Where
  /** What an element holds, as Slack sends it; undefined until touched when it has no initial value. */
  value(block: string, element: Element): Value
  /** Remembers what was entered. */
  enter(block: string, element: Element, value: Value): void
  /** Tells the app: a click, or a choice in an element that tells of choices. */
  act(block: string, element: Element, chosen: Record<string, unknown>): Promise<void>
  error(block: string): string | undefined
  /** An answer is awaited for this element. */
  isBusy(block: string, element: Element): boolean
}

const SurfaceContext = createContext<Surface | undefined>(undefined)

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext)
  if (!surface) throw new Error('an element outside a surface')
  return surface
}

/** What has been entered on a surface. It outlives a new version of the blocks, as in Slack: same ids, same value. */
export function useEntries(blocks: Block[]) {
  const [entered, setEntered] = useState<Record<string, Value>>({})
  // Two changes within one frame must not lose each other, and a submission must see the last key press.
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
