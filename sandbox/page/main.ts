import { render } from 'preact'
import { App } from './app.ts'
import { ControlContext, createControlSession } from './control-panel/control-session.ts'
import { html } from './html.ts'
import { createSession, SessionContext } from './session.ts'
import { applyTheme, chosenTheme } from './theme.ts'

applyTheme(chosenTheme())

const session = createSession({
  read: () => new URLSearchParams(location.search),
  write: (query) => history.replaceState(null, '', `?${query}`),
})
const controls = createControlSession(session)
const root = document.getElementById('app')

if (root) {
  try {
    await Promise.all([session.start(), controls.start()])
    root.replaceChildren()
    render(
      html`<${SessionContext.Provider} value=${session}><${ControlContext.Provider} value=${controls}><${App} /><//><//>`,
      root,
    )
  } catch (error) {
    root.textContent = `The workspace cannot be opened: ${error instanceof Error ? error.message : error}`
  }
}
