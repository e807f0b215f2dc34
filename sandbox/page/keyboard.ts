/** Moves focus between the elements that match `selector`, with arrow keys, Home and End. */
export function moveFocus(event: KeyboardEvent, selector: string): void {
  const list = event.currentTarget as HTMLElement
  const rows = [...list.querySelectorAll<HTMLElement>(selector)].filter(
    (row) => row.offsetParent !== null || row.closest('[popover]'),
  )
  const here = rows.indexOf(document.activeElement as HTMLElement)
  const next = nextIndex(event.key, here, rows.length)
  if (next === undefined) return
  event.preventDefault()
  rows[next]?.focus()
}

/** The index a key moves to, in a list of `count` that does not wrap; undefined for other keys. */
export function nextIndex(key: string, here: number, count: number): number | undefined {
  if (count === 0) return undefined
  switch (key) {
    case 'ArrowDown':
      return Math.min(here + 1, count - 1)
    case 'ArrowUp':
      return here < 0 ? count - 1 : Math.max(here - 1, 0)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
