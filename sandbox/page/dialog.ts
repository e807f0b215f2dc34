import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { classes, html, type Shown } from './html.ts'
import { Icon } from './icons.ts'

/** A window over the page. The browser's own dialog keeps the focus inside, gives it back, and closes at Escape. */
export function Dialog(props: { title: Shown; onClose: () => void; class?: string; back?: boolean; children?: Shown }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  useLayoutEffect(() => {
    dialog.current?.showModal()
    // The browser would choose the closing button; what the window is for is a field.
    dialog.current?.querySelector<HTMLElement>('form input, form textarea')?.focus({ preventScroll: true })
    return () => dialog.current?.close()
  }, [])
  const cancel = (event: Event) => {
    // Whoever opened it decides; the element goes when it is no longer rendered.
    event.preventDefault()
    props.onClose()
  }
  return html`
    <dialog ref=${dialog} class=${classes('dialog', props.class)} aria-labelledby=${title} onCancel=${cancel}>
      <header class="dialog-head">
        ${props.back && html`<button type="button" class="icon-button" aria-label="Back" onClick=${props.onClose}><${Icon} name="back" /></button>`}
        <h2 id=${title}>${props.title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${props.onClose}><${Icon} name="close" /></button>
      </header>
      ${props.children}
    </dialog>`
}
