export type Theme = 'light' | 'dark' | 'system'

const KEY = 'muster-sandbox-theme'
const ORDER: Theme[] = ['system', 'light', 'dark']

/** What was chosen last time; the system's own look until then. */
export const chosenTheme = (): Theme => ORDER.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system'

/** Puts a theme on the page and remembers it. Charts redraw at the `theme` event: their colours are not CSS. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme
  document.dispatchEvent(new Event('theme'))
}

export const nextTheme = (theme: Theme): Theme => ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'system'
