import { render } from 'preact'
import { App } from './app.ts'
import { html } from './html.ts'
import { createSession, SessionContext } from './session.ts'
import { createStage, StageContext } from './stage/stage-session.ts'
import { applyTheme, chosenTheme } from './theme.ts'

applyTheme(chosenTheme())

const session = createSession({
  read: () => new URLSearchParams(location.search),
  write: (query) => history.replaceState(null, '', `?${query}`),
})
const stage = createStage(session)
const root = document.getElementById('app')

if (root) {
  try {
    await Promise.all([session.start(), stage.start()])
    root.replaceChildren()
    render(
      html`<${SessionContext.Provider} value=${session}><${StageContext.Provider} value=${stage}><${App} /><//><//>`,
      root,
    )
  } catch (error) {
    root.textContent = `The workspace cannot be opened: ${error instanceof Error ? error.message : error}`
  }
}
