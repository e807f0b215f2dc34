import { html } from './html.ts'

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  bolt: 'M13 3L5 14h6l-1 7 8-11h-6z',
  chat: 'M4 5h16v11H9l-5 4z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  document: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  dots: 'M6 12h.01M12 12h.01M18 12h.01',
  expand: 'M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7',
  clip: 'M8 12l6-6a3 3 0 014 4l-8 8a5 5 0 01-7-7l8-8',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  lock: 'M7 11V8a5 5 0 0110 0v3M6 11h12v9H6z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  moon: 'M19 14.5A7.5 7.5 0 019.5 5a7.5 7.5 0 109.5 9.5z',
  pause: 'M8 5v14M16 5v14',
  people:
    'M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 010 6.5M18 14.5c2 .8 3 2.7 3 5.5',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  play: 'M7 4.5v15l12-7.5z',
  reply: 'M10 6l-6 5 6 5v-3c5 0 8 1.5 10 5 0-6-4-9-10-9z',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l5 5',
  send: 'M4 4l17 8-17 8 3-8zM7 12h14',
  smile: 'M12 21a9 9 0 100-18 9 9 0 000 18zM8.5 14.5c2 2.5 5 2.5 7 0M9 9.5h.01M15 9.5h.01',
  step: 'M6 5v14l9-7zM18 5v14',
  sun: 'M12 16.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19',
  switches: 'M4 8h9M17 8h3M4 16h3M11 16h9M15 6v4M9 14v4',
  theme: 'M12 3a9 9 0 100 18zM12 3a9 9 0 010 18',
}

/** A line icon, hidden from screen readers: the button around it has the label. */
export const Icon = ({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) => html`
  <svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width=${name === 'dots' ? 2.6 : 1.8} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${PATHS[name]} /></svg>`

/** The sandbox's logo. */
export const Mark = ({ size = 24 }: { size?: number }) => html`
  <svg class="mark" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true">
    <circle class="mark-ring" cx="12" cy="12" r="9" />
    <circle class="mark-heart" cx="12" cy="12" r="3.2" />
    ${[0, 72, 144, 216, 288].map((turn) => html`<circle class="mark-dot" cx="12" cy="3" r="2.1" transform="rotate(${turn} 12 12)" />`)}
  </svg>`
