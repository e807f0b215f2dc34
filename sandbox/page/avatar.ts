import type { PersonView } from '../slack/client-api.ts'
import { html } from './html.ts'
import { Mark } from './icons.ts'

const COLOURS = 8

/** A person's initials on their own colour; the app's logo for a bot. */
export function Avatar({ person, size = 36 }: { person: PersonView | undefined; size?: number }) {
  const box = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.4)}px` }
  if (person?.isBot)
    return html`<span class="avatar avatar-bot" style=${box} aria-hidden="true"><${Mark} size=${Math.round(size * 0.68)} /></span>`
  return html`<span class="avatar avatar-${colourOf(person?.id ?? '')}" style=${box} aria-hidden="true">${initials(person)}</span>`
}

const initials = (person: PersonView | undefined) =>
  (person?.realName || person?.name || '?')
    .split(/[\s.-]+/)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .filter((_, index, letters) => index === 0 || index === letters.length - 1)
    .join('')

const colourOf = (id: string) =>
  [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % COLOURS
