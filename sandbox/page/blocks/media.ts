import type { VideoBlock as Video } from '@slack/types'
import { html } from '../html.ts'
import { Link } from '../text/mentions.ts'
import { plain } from '../text/text.ts'
import { BlockImage, type Picture } from './image.ts'

export const ImageBlock = ({ block }: { block: Picture & { title?: { text: string } } }) => html`
  <figure class="figure">
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    <${BlockImage} image=${block} title=${plain(block.title)} />
  </figure>`

/** A video as a link with a thumbnail: nothing is embedded from other origins. */
export const VideoBlock = ({ block }: { block: Video }) => html`
  <figure class="figure">
    <figcaption><${Link} url=${block.title_url ?? block.video_url}>${plain(block.title)}<//></figcaption>
    <${BlockImage} image=${{ image_url: block.thumbnail_url, alt_text: block.alt_text }} />
  </figure>`
