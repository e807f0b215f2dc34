import type { FileView } from '../../slack/client-api.ts'
import { BlockImage } from '../blocks/image.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'

/** A message's files: images inline, others as links. */
export function Files({ files }: { files: FileView[] }) {
  if (files.length === 0) return null
  return html`<div class="files">${files.map((file) => html`<${File} key=${file.id} file=${file} />`)}</div>`
}

function File({ file }: { file: FileView }) {
  const title = file.title || file.name
  if (file.mimetype.startsWith('image/'))
    return html`<figure class="figure"><figcaption>${title}</figcaption><${BlockImage} image=${{ slack_file: { id: file.id }, alt_text: file.altText || title }} title=${title} /></figure>`
  return html`
    <a class="file" href="/sandbox/files/${encodeURIComponent(file.id)}" target="_blank" rel="noopener">
      <${Icon} name="document" size="22" /><span><span class="file-name">${title}</span><span class="hint">${sizeOf(file.size)}</span></span>
    </a>`
}

const sizeOf = (bytes: number) =>
  bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} kB`
