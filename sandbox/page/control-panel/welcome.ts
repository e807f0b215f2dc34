import { html } from '../html.ts'
import { Icon, Mark } from '../icons.ts'
import { useSession, useWorkspace } from '../session.ts'
import { useControlActions, useControls } from './control-session.ts'

/** The start page: what this is, and the stories to choose from. */
export function Welcome() {
  const { stories, progress } = useControls()
  const controls = useControlActions()
  const session = useSession()
  const { conversations, me } = useWorkspace()
  const lobby =
    conversations.find(({ name }) => name === 'incidents') ??
    conversations.find(({ kind, members }) => kind === 'channel' && members.includes(me.id))
  const watch = async (story: string) => {
    if ((await controls.order({ do: 'choose', story })) && (await controls.order({ do: 'play' })) && lobby)
      await session.goTo({ kind: 'channel', channel: lobby.id })
  }
  return html`
    <div class="welcome" tabindex="0" role="region" aria-label="Stories">
      <div class="welcome-body">
        <div class="welcome-mark"><${Mark} size="56" /></div>
        <h1>Watch an incident. Then take part.</h1>
        <p class="welcome-lead">No account needed: Muster is real, and everything around it is simulated. Pick an incident and follow it in the channel. You are signed in as <strong>${me.realName}</strong>; switch to anybody else at any time.</p>
        <ul class="stories">
          ${stories.map(
            ({ id, title, summary }, index) => html`
            <li key=${id}><button type="button" class="story" aria-current=${progress.story === id ? 'true' : undefined} onClick=${() => watch(id)}>
              <span class="story-number" aria-hidden="true">${index + 1}</span>
              <span class="story-words"><span class="story-title">${title}</span><span class="story-summary">${summary}</span></span>
              <span class="story-play"><${Icon} name="play" size="16" /></span>
            </button></li>`,
          )}
        </ul>
        <p class="welcome-foot">Or start one yourself: open ${lobby ? html`<button type="button" class="link" onClick=${() => session.goTo({ kind: 'channel', channel: lobby.id })}>#${lobby.name}</button>` : 'a channel'} and type <code>/incident</code>.</p>
      </div>
    </div>`
}
