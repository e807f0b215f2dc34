export type Theme = 'light' | 'dark' | 'system'

const KEY = 'muster-sandbox-theme'
const ORDER: Theme[] = ['system', 'light', 'dark']

/** The stored theme; `system` by default. */
export const chosenTheme = (): Theme => ORDER.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system'

/** Applies and stores a theme. Charts redraw on the `theme` event, as their colours are not CSS. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme
  document.dispatchEvent(new Event('theme'))
}

export const nextTheme = (theme: Theme): Theme => ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'system'
