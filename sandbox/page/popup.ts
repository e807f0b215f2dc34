import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { html, type Shown } from './html.ts'

/** Minimum distance between a popup and the window's edges, in pixels. */
const MARGIN = 8

/**
 * A popup anchored to an element, in the browser's top layer, so that a modal does not clip it. Escape and a click
 * outside close it.
 */
export function Popup(props: {
  anchor: RefObject<HTMLElement | null>
  onClose: () => void
  /** Align with the anchor's right edge. */
  end?: boolean
  /** As wide as the anchor. */
  fit?: boolean
  /** Prefer opening upwards. */
  above?: boolean
  label?: string
  children?: Shown
}) {
  const { anchor, onClose } = props
  const box = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const popup = box.current
    if (!popup) return
    popup.showPopover()
    const place = () => anchor.current && placeBeside(popup, anchor.current.getBoundingClientRect(), props)
    place()
    const resized = new ResizeObserver(place)
    resized.observe(popup)
    window.addEventListener('resize', place)
    return () => {
      resized.disconnect()
      window.removeEventListener('resize', place)
    }
  }, [])

  useEffect(() => {
    const pressed = (event: PointerEvent) => {
      const target = event.target as Node
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) onClose()
    }
    const typed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // Keep Escape from closing the dialog or pane below as well.
      event.preventDefault()
      event.stopPropagation()
      onClose()
    }
    document.addEventListener('pointerdown', pressed, true)
    document.addEventListener('keydown', typed, true)
    return () => {
      document.removeEventListener('pointerdown', pressed, true)
      document.removeEventListener('keydown', typed, true)
    }
  }, [onClose])

  return html`<div ref=${box} class="popup" popover="manual" role=${props.label ? 'dialog' : undefined} aria-label=${props.label}>${props.children}</div>`
}

function placeBeside(popup: HTMLElement, anchor: DOMRect, wish: { end?: boolean; fit?: boolean; above?: boolean }) {
  if (wish.fit) popup.style.width = `${Math.max(anchor.width, 200)}px`
  const below = innerHeight - anchor.bottom - MARGIN
  const above = anchor.top - MARGIN
  const goesUp = wish.above ? above > 160 || above > below : below < Math.min(popup.scrollHeight, 240) && above > below
  popup.style.maxHeight = `${Math.max(120, (goesUp ? above : below) - 4)}px`
  const { width, height } = popup.getBoundingClientRect()
  const left = wish.end ? anchor.right - width : anchor.left
  popup.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`
  popup.style.top = `${goesUp ? anchor.top - height - 4 : anchor.bottom + 4}px`
}
