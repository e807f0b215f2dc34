import type { PlanBlock, TaskCardBlock } from '@slack/types'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { Link } from '../text/mentions.ts'
import { RichText } from '../text/rich-text.ts'

const WORDS = { pending: 'to do', in_progress: 'under way', complete: 'done', error: 'failed' }

/** A plan block: tasks with their states. */
export function Plan({ block }: { block: PlanBlock }) {
  const tasks = (block.tasks ?? []) as TaskCardBlock[]
  const done = tasks.filter(({ status }) => status === 'complete').length
  return html`
    <section class="plan" aria-label=${block.title}>
      <header class="plan-head">
        <strong>${block.title}</strong>
        <span class="hint">${done} of ${tasks.length}</span>
        <progress class="plan-progress" value=${done} max=${Math.max(1, tasks.length)} aria-label="${done} of ${tasks.length} done"></progress>
      </header>
      <ul class="plan-tasks">${tasks.map((task) => html`<li key=${task.task_id}><${TaskCard} block=${task} /></li>`)}</ul>
    </section>`
}

export const TaskCard = ({ block }: { block: TaskCardBlock }) => html`
  <div class="task task-${block.status}">
    <span class="task-mark" role="img" aria-label=${WORDS[block.status]}>
      ${block.status === 'complete' && html`<${Icon} name="check" size="12" />`}
      ${block.status === 'error' && html`<${Icon} name="close" size="12" />`}
    </span>
    <div class="task-words">
      <span class="task-title">${block.title}</span>
      ${block.details && html`<div class="task-details"><${RichText} block=${block.details} /></div>`}
      ${block.output && html`<div class="task-details"><${RichText} block=${block.output} /></div>`}
      ${block.sources && html`<p class="task-sources">${block.sources.map(({ url, text }) => html`<${Link} url=${url}>${text}<//>`)}</p>`}
    </div>
  </div>`
