import { html } from './html.ts'
import { Icon } from './icons.ts'
import { SidePane } from './side-pane.ts'

/** A document of Muster's, such as a postmortem, in a sandboxed iframe without scripts. */
export const DocumentPane = ({ url, title }: { url: string; title: string }) => html`
  <${SidePane} title=${title.replace(/^(\S+) (.)/, (_, id: string, first: string) => `${id} ${first}`)} wide
    tools=${html`<a class="icon-button" href=${url} target="_blank" rel="noopener" aria-label="Open in a new tab" title="Open in a new tab"><${Icon} name="expand" size="16" /></a>`}>
    <iframe class="document" src=${url} title=${title} sandbox="allow-popups allow-popups-to-escape-sandbox allow-same-origin"></iframe>
  <//>`
