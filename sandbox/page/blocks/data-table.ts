import type { DataTableBlock } from '@slack/types'
import { useState } from 'preact/hooks'
import { html } from '../html.ts'
import { type Cell, CellView, cellWords } from './table.ts'

type Order = { column: number; descending: boolean } | undefined

/** A table with sorting, filtering and paging. */
export function DataTable({ block }: { block: DataTableBlock }) {
  const [order, setOrder] = useState<Order>()
  const [filter, setFilter] = useState('')
  const [page, setPage] = useState(0)
  const [head = [], ...rows] = block.rows
  const size = block.page_size ?? 10
  const found = sorted(
    rows.filter((row) => matches(row, filter)),
    order,
  )
  const pages = Math.max(1, Math.ceil(found.length / size))
  const shown = Math.min(page, pages - 1)
  const isNumber = (column: number) => rows.length > 0 && rows.every((row) => row[column]?.type === 'raw_number')
  const cell = (value: Cell, column: number) => {
    const align = isNumber(column) ? 'number' : ''
    return column === block.row_header_column_index
      ? html`<th scope="row" class=${align}><${CellView} cell=${value} /></th>`
      : html`<td class=${align}><${CellView} cell=${value} /></td>`
  }
  return html`
    <div class="data-table">
      <div class="data-table-bar">
        <strong>${block.caption}</strong>
        ${
          rows.length > 5 &&
          html`<input class="field field-small" type="search" placeholder="Filter" aria-label="Filter ${block.caption}" value=${filter} onInput=${(
            event: Event,
          ) => {
            setFilter((event.target as HTMLInputElement).value)
            setPage(0)
          }} />`
        }
      </div>
      <div class="table-scroll" role="region" aria-label=${block.caption} tabindex="0">
        <table class="table">
          <thead><tr>${head.map((title, column) => html`<${Heading} title=${cellWords(title)} isNumber=${isNumber(column)} column=${column} order=${order} onOrder=${setOrder} />`)}</tr></thead>
          <tbody>${found.slice(shown * size, (shown + 1) * size).map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody>
        </table>
        ${found.length === 0 && html`<p class="hint table-empty">No row contains “${filter}”.</p>`}
      </div>
      ${
        pages > 1 &&
        html`
        <div class="data-table-pages">
          <button type="button" class="button small" disabled=${shown === 0} onClick=${() => setPage(shown - 1)}>Previous</button>
          <span class="hint">Page ${shown + 1} of ${pages}</span>
          <button type="button" class="button small" disabled=${shown === pages - 1} onClick=${() => setPage(shown + 1)}>Next</button>
        </div>`
      }
    </div>`
}

function Heading(props: {
  title: string
  isNumber: boolean
  column: number
  order: Order
  onOrder: (order: Order) => void
}) {
  const { column, order } = props
  const isMine = order?.column === column
  const direction = !isMine ? 'none' : order.descending ? 'descending' : 'ascending'
  const next = !isMine ? { column, descending: false } : order.descending ? undefined : { column, descending: true }
  return html`
    <th scope="col" aria-sort=${direction} class=${props.isNumber ? 'number' : ''}>
      <button type="button" class="sort" onClick=${() => props.onOrder(next)}>${props.title}<span aria-hidden="true">${{ none: '↕', ascending: '↑', descending: '↓' }[direction]}</span></button>
    </th>`
}

const matches = (row: Cell[], filter: string) =>
  filter.trim() === '' || row.some((cell) => cellWords(cell).toLowerCase().includes(filter.trim().toLowerCase()))

function sorted(rows: Cell[][], order: Order): Cell[][] {
  if (!order) return rows
  const turn = order.descending ? -1 : 1
  return rows.toSorted((one, other) => turn * compare(one[order.column], other[order.column]))
}

const compare = (one: Cell | undefined, other: Cell | undefined) =>
  one?.type === 'raw_number' && other?.type === 'raw_number'
    ? (one as { value: number }).value - (other as { value: number }).value
    : cellWords(one).localeCompare(cellWords(other), 'en', { numeric: true })
