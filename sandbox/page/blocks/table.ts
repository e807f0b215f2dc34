import type { RichTextBlock, TableBlock } from '@slack/types'
import { html } from '../html.ts'
import { RichText, richTextWords } from '../text/rich-text.ts'

export type Cell = TableBlock['rows'][number][number]

/** A cell's text content. */
export const cellWords = (cell: Cell | undefined): string =>
  cell === undefined
    ? ''
    : cell.type === 'rich_text'
      ? richTextWords(cell as RichTextBlock)
      : (cell as { text: string }).text

export const CellView = ({ cell }: { cell: Cell | undefined }) =>
  cell?.type === 'rich_text' ? html`<${RichText} block=${cell} />` : cellWords(cell)

/** A plain table; the first row is the header. */
export function Table({ block }: { block: TableBlock }) {
  const [head = [], ...body] = block.rows
  const look = (column: number) => {
    const settings = block.column_settings?.[column]
    return { textAlign: settings?.align ?? 'left', whiteSpace: settings?.is_wrapped ? 'normal' : undefined }
  }
  return html`
    <div class="table-scroll" role="region" aria-label="Table" tabindex="0">
      <table class="table">
        <thead><tr>${head.map((cell, column) => html`<th scope="col" style=${look(column)}><${CellView} cell=${cell} /></th>`)}</tr></thead>
        <tbody>${body.map((row) => html`<tr>${row.map((cell, column) => html`<td style=${look(column)}><${CellView} cell=${cell} /></td>`)}</tr>`)}</tbody>
      </table>
    </div>`
}
