import { Blocks } from './blocks/block.ts'
import { html } from './html.ts'
import { useSessionState, useWorkspace } from './session.ts'
import { SurfaceProvider, useEntries } from './surface.ts'

/** The app's Home tab as published for the viewer. */
export function Home() {
  const blocks = useSessionState().workspace?.home?.blocks ?? []
  const entries = useEntries(blocks)
  const { me } = useWorkspace()
  return html`
    <header class="head"><div class="head-words"><h1><span class="head-name">Muster</span></h1><div class="topic">Home of ${me.realName}</div></div></header>
    <div class="home" tabindex="0" role="region" aria-label="Muster home">
      ${
        blocks.length === 0
          ? html`<p class="loading">Muster has not written this page yet.</p>`
          : html`<div class="home-body"><${SurfaceProvider} where=${{ home: true }} entries=${entries}><${Blocks} blocks=${blocks} /><//></div>`
      }
    </div>`
}
