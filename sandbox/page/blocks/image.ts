import { useContext, useState } from 'preact/hooks'
import { html } from '../html.ts'
import { LightboxContext } from '../lightbox.ts'

export type Picture = { alt_text?: string; image_url?: string; slack_file?: { id?: string; url?: string } }

/** URL of an image: an uploaded file on the sandbox's origin, or one on the web. Undefined for other schemes. */
export function pictureUrl({ image_url, slack_file }: Picture): string | undefined {
  if (slack_file?.id) return `/sandbox/files/${encodeURIComponent(slack_file.id)}`
  const id = slack_file?.url ? /\b(F[A-Z0-9]{8,})\b/.exec(slack_file.url)?.[1] : undefined
  if (id) return `/sandbox/files/${id}`
  const link = image_url ?? slack_file?.url ?? ''
  return /^(https?:\/\/|\/(?!\/))/.test(link) ? link : undefined
}

/** An image that opens in the lightbox. If it cannot be loaded, its alt text is shown. */
export function BlockImage({
  image,
  title,
  class: name = 'picture',
}: {
  image: Picture
  title?: string
  class?: string
}) {
  const show = useContext(LightboxContext)
  const [isBroken, setBroken] = useState(false)
  const url = pictureUrl(image)
  const alt = image.alt_text ?? ''
  if (!url || isBroken) return html`<span class="picture-missing">${alt || 'A picture that cannot be shown'}</span>`
  return html`
    <button type="button" class=${name} aria-label="Enlarge: ${alt || title || 'picture'}" onClick=${() => show({ url, alt, title: title ?? alt })}>
      <img src=${url} alt=${alt} loading="lazy" onError=${() => setBroken(true)} />
    </button>`
}

/** A small image that does not open: in a context block or on a card. */
export function SmallImage({ image, class: name }: { image: Picture; class: string }) {
  const url = pictureUrl(image)
  return url ? html`<img class=${name} src=${url} alt=${image.alt_text ?? ''} />` : null
}
