import { createContext } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from './dialog.ts'
import { html, type Shown } from './html.ts'

type Enlarged = { url: string; alt: string; title: string }

/** Opens an image in full size. */
export const LightboxContext = createContext<(picture: Enlarged) => void>(() => {})

export function LightboxProvider({ children }: { children?: Shown }) {
  const [picture, show] = useState<Enlarged>()
  return html`
    <${LightboxContext.Provider} value=${show}>
      ${children}
      ${
        picture &&
        html`
        <${Dialog} title=${picture.title || 'Picture'} class="lightbox" onClose=${() => show(undefined)}>
          <div class="lightbox-body"><img src=${picture.url} alt=${picture.alt} /></div>
        <//>`
      }
    <//>`
}
