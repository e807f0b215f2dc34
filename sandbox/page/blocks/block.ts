import type { Block } from '../../slack/client-api.ts'
import { html } from '../html.ts'
import { Markdown } from '../text/markdown.ts'
import { RichText } from '../text/rich-text.ts'
import { Card, Carousel } from './card.ts'
import { Chart } from './chart.ts'
import { Container } from './container.ts'
import { DataTable } from './data-table.ts'
import { InputBlock } from './input.ts'
import { ImageBlock, VideoBlock } from './media.ts'
import { Plan, TaskCard } from './plan.ts'
import { Actions, Alert, Context, ContextActions, Header, Section } from './simple.ts'
import { Table } from './table.ts'

const RichTextView = ({ block }: { block: Parameters<typeof RichText>[0]['block'] }) =>
  html`<${RichText} block=${block} />`
const MarkdownView = ({ block }: { block: { text: string } }) => html`<${Markdown} text=${block.text} />`
const Divider = () => html`<hr class="divider" />`

const COMPONENTS: Record<string, unknown> = {
  actions: Actions,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: Container,
  context: Context,
  context_actions: ContextActions,
  data_table: DataTable,
  data_visualization: Chart,
  divider: Divider,
  header: Header,
  image: ImageBlock,
  input: InputBlock,
  markdown: MarkdownView,
  plan: Plan,
  rich_text: RichTextView,
  section: Section,
  table: Table,
  task_card: TaskCard,
  video: VideoBlock,
}

/** The blocks of a message, a modal or the Home tab. */
export const Blocks = ({ blocks }: { blocks: Block[] }) => html`
  <div class="blocks">${blocks.map((block, index) => html`<${BlockView} key=${block.block_id ?? index} block=${block} />`)}</div>`

function BlockView({ block }: { block: Block }) {
  const component = COMPONENTS[block.type]
  const shown = component
    ? html`<${component} block=${block} />`
    : html`<p class="unknown">A “${block.type}” block cannot be shown here.</p>`
  return html`<div class="block block-${block.type}" data-block=${block.type}>${shown}</div>`
}
