import { Resvg } from '@resvg/resvg-js'
import { FONT, fontFilesFor } from './fonts.ts'

/** SVG text as PNG bytes. Only the shipped fonts are used, so that a picture is the same on every machine. */
export const toPng = (svg: string, scale: number): Uint8Array =>
  new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFilesFor(svg),
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
    },
  })
    .render()
    .asPng()
