import { html } from '../html.ts'
import { useTimeZone } from '../session.ts'
import { fromLocalTime, toLocalTime } from '../text/local-time.ts'
import { type ElementProps, useElement } from './element.ts'

const named = ({ labelledBy, describedBy, required }: ElementProps, label: string) => ({
  'aria-labelledby': labelledBy,
  'aria-label': labelledBy ? undefined : label,
  'aria-describedby': describedBy,
  'aria-required': required ? 'true' : undefined,
})

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** A date, `2026-11-21`. */
export function DateField(props: ElementProps) {
  const { value, enter } = useElement(props)
  return html`<input class="field field-short" type="date" ...${named(props, 'Date')} value=${text(value.selected_date)}
    onChange=${(event: Event) => enter({ selected_date: (event.target as HTMLInputElement).value || null })} />`
}

/** A time of day, `03:04`. */
export function TimeField(props: ElementProps) {
  const { value, enter } = useElement(props)
  return html`<input class="field field-short" type="time" ...${named(props, 'Time')} value=${text(value.selected_time)}
    onChange=${(event: Event) => enter({ selected_time: (event.target as HTMLInputElement).value || null })} />`
}

/** An instant in epoch seconds, entered in the viewer's time zone. */
export function DateTimeField(props: ElementProps) {
  const { value, enter } = useElement(props)
  const timezone = useTimeZone()
  const seconds = value.selected_date_time as number | null
  const entered = (event: Event) => {
    const local = (event.target as HTMLInputElement).value
    enter({ selected_date_time: local ? fromLocalTime(local, timezone) : null })
  }
  return html`<input class="field field-short" type="datetime-local" ...${named(props, 'Date and time')} value=${seconds ? toLocalTime(seconds, timezone) : ''} onChange=${entered} />`
}
