import { Resvg } from '@resvg/resvg-js'
import { FONT, FONT_FILES } from './fonts.ts'

/** SVG text as PNG bytes. Only the shipped font is used, so that a picture is the same on every machine. */
export const toPng = (svg: string, scale: number): Uint8Array =>
  new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: FONT_FILES,
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
    },
  })
    .render()
    .asPng()
