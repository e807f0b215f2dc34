import type { Confirm } from '@slack/types'
import { createContext } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { Dialog } from './dialog.ts'
import { html, type Shown } from './html.ts'
import { plain, Text } from './text/text.ts'

type Ask = (confirm: Confirm) => Promise<boolean>

const AskContext = createContext<Ask | undefined>(undefined)

/** Asks for confirmation before an element acts; resolves to true at once when there is no `confirm` object. */
export function useConfirm(confirm: Confirm | undefined): () => Promise<boolean> {
  const ask = useContext(AskContext)
  return () => (confirm && ask ? ask(confirm) : Promise.resolve(true))
}

/** Shows confirmation dialogs for the elements below, one at a time. */
export function ConfirmProvider({ children }: { children?: Shown }) {
  const [open, setOpen] = useState<{ confirm: Confirm; answer: (yes: boolean) => void }>()
  const ask: Ask = (confirm) =>
    new Promise((resolve) => {
      const answer = (yes: boolean) => {
        setOpen(undefined)
        resolve(yes)
      }
      setOpen({ confirm, answer })
    })
  return html`
    <${AskContext.Provider} value=${ask}>
      ${children}
      ${open && html`<${Question} confirm=${open.confirm} answer=${open.answer} />`}
    <//>`
}

const Question = ({ confirm, answer }: { confirm: Confirm; answer: (yes: boolean) => void }) => html`
  <${Dialog} title=${plain(confirm.title) || 'Are you sure?'} onClose=${() => answer(false)} class="question">
    <div class="dialog-body"><${Text} text=${confirm.text} /></div>
    <footer class="dialog-foot">
      <button type="button" class="button" onClick=${() => answer(false)}>${plain(confirm.deny) || 'Cancel'}</button>
      <button type="button" class="button ${confirm.style === 'danger' ? 'danger' : 'primary'}" onClick=${() => answer(true)}>${plain(confirm.confirm) || 'Yes'}</button>
    </footer>
  <//>`
