import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { MenuButton } from '../menu.ts'
import { useSession, useWorkspace } from '../session.ts'

/** The app's global shortcuts. */
export function ShortcutMenu() {
  const session = useSession()
  const shortcuts = useWorkspace().shortcuts.filter(({ type }) => type === 'global')
  if (shortcuts.length === 0) return null
  const items = shortcuts.map(({ name, description, callbackId }) => ({
    label: name,
    hint: description,
    choose: () => void session.act({ type: 'shortcut', callbackId }),
  }))
  return html`<${MenuButton} label="Shortcuts" items=${items} above start><${Icon} name="bolt" size="18" /><//>`
}
