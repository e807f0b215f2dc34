import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { classes, html, type Shown } from './html.ts'
import { Icon } from './icons.ts'

/** A modal dialog. The native element traps focus, restores it, and closes on Escape. */
export function Dialog(props: { title: Shown; onClose: () => void; class?: string; back?: boolean; children?: Shown }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  useLayoutEffect(() => {
    dialog.current?.showModal()
    // By default the browser focuses the close button; focus the first field instead.
    dialog.current?.querySelector<HTMLElement>('form input, form textarea')?.focus({ preventScroll: true })
    return () => dialog.current?.close()
  }, [])
  const cancel = (event: Event) => {
    // The owner decides whether to close, by no longer rendering the dialog.
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
