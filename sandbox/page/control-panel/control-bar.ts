import { useState } from 'preact/hooks'
import type { Speed } from '../../control-api.ts'
import { html } from '../html.ts'
import { Icon, Mark } from '../icons.ts'
import { useSession, useSessionState } from '../session.ts'
import { applyTheme, chosenTheme, nextTheme } from '../theme.ts'
import { useControlActions, useControls } from './control-session.ts'
import { useFollowStory } from './follow-story.ts'
import { usePostmortem } from './postmortem.ts'

const SPEEDS: { speed: Speed; words: string; label: string }[] = [
  { speed: 1, words: '1×', label: '1 times' },
  { speed: 10, words: '10×', label: '10 times' },
  { speed: 60, words: '60×', label: '60 times' },
  { speed: 0, words: 'max', label: 'max: as fast as Muster keeps up' },
]

const THEMES = { system: 'theme', light: 'sun', dark: 'moon' } as const

/** The bar above the workspace: the current story, its speed and progress, and the last caption. */
export function ControlBar({ isMenuOpen, onMenu }: { isMenuOpen: boolean; onMenu: () => void }) {
  const session = useSession()
  const { side } = useSessionState()
  const { faults } = useControls()
  const [theme, setTheme] = useState(chosenTheme())
  useFollowStory()
  usePostmortem()
  const broken = faults.filter(({ on }) => on).length
  const isOpen = side?.kind === 'control-panel'
  const turnTheme = () => {
    const next = nextTheme(theme)
    applyTheme(next)
    setTheme(next)
  }
  return html`
    <header class="control-bar">
      <button type="button" class="icon-button only-small" aria-label="Channels" aria-expanded=${isMenuOpen} onClick=${onMenu}><${Icon} name="menu" /></button>
      <button type="button" class="brand" aria-label="Muster sandbox: stories" onClick=${() => session.goTo({ kind: 'welcome' })}><${Mark} size="26" /><span class="brand-words">Muster <span>sandbox</span></span></button>
      <${Playing} />
      <div class="control-tools">
        <button type="button" class="button quiet" aria-pressed=${isOpen} title="Requests, outbox, faults" onClick=${() => session.openSide(isOpen ? undefined : { kind: 'control-panel' })}>
          <${Icon} name="switches" size="16" /><span class="not-small">Control panel</span>${broken > 0 && html`<span class="badge" aria-label="${broken} broken on purpose">${broken}</span>`}
        </button>
        <button type="button" class="icon-button" aria-label="Theme: ${theme}" title="Theme: ${theme}" onClick=${turnTheme}><${Icon} name=${THEMES[theme]} /></button>
      </div>
    </header>`
}

function Playing() {
  const { stories, progress } = useControls()
  const controls = useControlActions()
  const story = stories.find(({ id }) => id === progress.story)
  if (!story) return html`<p class="control-idle">Choose a story to watch an incident happen.</p>`
  const { state, step, steps, speed, caption } = progress
  const isPlaying = state === 'playing'
  const word = isPlaying ? 'Pause' : state === 'ended' ? 'Start again' : 'Play'
  const order = async () => {
    if (state !== 'ended' || (await controls.order({ do: 'choose', story: story.id })))
      await controls.order({ do: isPlaying ? 'pause' : 'play' })
  }
  return html`
    <section class="playing" aria-label="Story: ${story.title}">
      <div class="playing-buttons">
        <button type="button" class="play" aria-label=${word} title=${word} onClick=${order}><${Icon} name=${isPlaying ? 'pause' : state === 'ended' ? 'reply' : 'play'} size="16" /></button>
        <button type="button" class="icon-button" aria-label="One step" title="One step" disabled=${state === 'ended'} onClick=${() => controls.order({ do: 'step' })}><${Icon} name="step" size="16" /></button>
        <div class="speeds" role="group" aria-label="Speed">
          ${SPEEDS.map((one) => html`<button type="button" aria-pressed=${speed === one.speed} aria-label=${one.label} title=${one.label} onClick=${() => controls.order({ do: 'speed', speed: one.speed })}>${one.words}</button>`)}
        </div>
      </div>
      <div class="playing-words">
        <p class="playing-title"><strong>${story.title}</strong><span class="hint">${state === 'ended' ? 'ended' : `${step} of ${steps}`}</span></p>
        <progress value=${step} max=${Math.max(1, steps)} aria-label="Progress of the story"></progress>
        <p class="caption" role="status" title=${caption}>${caption}</p>
      </div>
    </section>`
}
