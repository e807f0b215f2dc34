import { Avatar } from '../avatar.ts'
import { sandboxSeconds } from '../clock.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { MenuButton } from '../menu.ts'
import { useSession, useWorkspace } from '../session.ts'
import { timeOfDay } from '../text/dates.ts'

/** The current person; a menu switches to another one. */
export function PersonSwitch() {
  const session = useSession()
  const { people, me } = useWorkspace()
  const items = people
    .filter(({ isBot }) => !isBot)
    .map((person) => ({
      label: html`<span class="person-line"><${Avatar} person=${person} size="26" /><span class="person-words"><span>${person.realName}</span><span class="hint">${person.title}</span></span></span>`,
      checked: person.id === me.id,
      choose: () => void session.switchTo(person.id),
    }))
  return html`
    <div class="person-switch">
      <${MenuButton} label="Act as somebody else" class="person-button" items=${items} above start speaks>
        <${Avatar} person=${me} size="32" />
        <span class="person-words"><span class="person-name">${me.realName}</span><span class="hint">${me.title} · ${timeOfDay(sandboxSeconds(), me.timezone)}</span></span>
        <${Icon} name="switches" size="16" />
      <//>
    </div>`
}
