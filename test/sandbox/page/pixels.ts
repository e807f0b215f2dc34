import type { Locator } from 'playwright-core'
import type { Page } from '../../real/chromium.ts'

/** A colour and its number of pixels. */
export type Colour = { red: number; green: number; blue: number; pixels: number }

/** Fewer pixels are anti-aliasing. */
const LEAST_PIXELS = 40

/** Colours in an element's screenshot, most frequent first. */
export async function coloursOf(element: Locator, page: Page): Promise<Colour[]> {
  const png = (await element.screenshot()).toString('base64')
  return page.evaluate<Colour[]>(`(async () => {
    const bytes = Uint8Array.from(atob('${png}'), (character) => character.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
    canvas.drawImage(picture, 0, 0)
    const { data } = canvas.getImageData(0, 0, picture.width, picture.height)
    const seen = new Map()
    for (let i = 0; i < data.length; i += 4) {
      const key = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2]
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    return [...seen]
      .filter(([, pixels]) => pixels >= ${LEAST_PIXELS})
      .map(([key, pixels]) => ({ red: key >> 16, green: (key >> 8) & 255, blue: key & 255, pixels }))
      .sort((one, other) => other.pixels - one.pixels)
  })()`)
}

/** Whether a colour is not grey, like the lines of a chart, unlike its grid and text. */
export const isVivid = ({ red, green, blue }: Colour) => Math.max(red, green, blue) - Math.min(red, green, blue) > 60
