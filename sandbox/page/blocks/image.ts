import { useContext, useState } from 'preact/hooks'
import { html } from '../html.ts'
import { LightboxContext } from '../lightbox.ts'

export type Picture = { alt_text?: string; image_url?: string; slack_file?: { id?: string; url?: string } }

/** Where a picture is: an uploaded file on the sandbox's own address, or the web. Undefined for anything else. */
export function pictureUrl({ image_url, slack_file }: Picture): string | undefined {
  if (slack_file?.id) return `/sandbox/files/${encodeURIComponent(slack_file.id)}`
  const id = slack_file?.url ? /\b(F[A-Z0-9]{8,})\b/.exec(slack_file.url)?.[1] : undefined
  if (id) return `/sandbox/files/${id}`
  const link = image_url ?? slack_file?.url ?? ''
  return /^(https?:\/\/|\/(?!\/))/.test(link) ? link : undefined
}

/** A picture that opens large at a click. One that cannot be had shows its description. */
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

/** A picture too small to open: beside a line of context, on a card. */
export function SmallImage({ image, class: name }: { image: Picture; class: string }) {
  const url = pictureUrl(image)
  return url ? html`<img class=${name} src=${url} alt=${image.alt_text ?? ''} />` : null
}
