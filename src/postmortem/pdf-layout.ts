import pdfmake from 'pdfmake'
import { PNG } from 'pngjs'
import type { Picture } from './html.ts'
import { createReader } from './markdown.ts'
import { blocksOf } from './pdf-blocks.ts'
import { FONT_FILES, FONTS, runsOf } from './pdf-text.ts'

/** What a PDF is made of; it crosses a thread. */
export type PdfJob = {
  markdown: string
  title: string
  pictures: Picture[]
  /** When the document's log ends, epoch ms: the PDF carries this date, so that the same log gives the same bytes. */
  writtenAt: number
}

/** A document as a PDF of A4 pages, with its own fonts and pictures inside. */
export const layOut = async ({ markdown, title, pictures, writtenAt }: PdfJob): Promise<Buffer> => {
  const files = FONT_FILES()
  pdfmake.setFonts(FONTS())
  // A document holds all it needs: it reads its fonts, and nothing from the network.
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => files.has(path))
  const byPath = new Map(pictures.map((picture) => [picture.path, opaque(picture)]))
  const date = new Date(writtenAt)
  return pdfmake
    .createPdf({
      pageSize: 'A4',
      pageMargins: [48, 48, 48, 54],
      info: { title, creator: 'Muster', producer: 'Muster', creationDate: date, modDate: date },
      language: 'en',
      defaultStyle: { font: 'Inter', fontSize: 9.5, lineHeight: 1.25 },
      styles: {
        h1: { fontSize: 18, bold: true, margin: [0, 0, 0, 8] },
        h2: { fontSize: 13, bold: true, margin: [0, 14, 0, 4] },
        h3: { fontSize: 11, bold: true, margin: [0, 10, 0, 3] },
        h4: { fontSize: 10, bold: true, margin: [0, 8, 0, 3] },
      },
      content: blocksOf(createReader().parse(markdown, {}), byPath),
      footer: (page, pages) => ({
        columns: [
          { text: runsOf(title), color: '#5a6473' },
          { text: `${page} of ${pages}`, alignment: 'right', width: 60, color: '#5a6473' },
        ],
        fontSize: 7.5,
        margin: [48, 16, 48, 0],
      }),
      // A heading never stands alone at the end of a page.
      pageBreakBefore: (node, { getFollowingNodesOnPage }) =>
        node.headlineLevel !== undefined && getFollowingNodesOnPage().length === 0,
    })
    .getBuffer()
}

/**
 * The same picture without transparency, which ours have none of: pdfmake compresses an alpha channel beside the rest,
 * and in whichever order that ends, so that two runs would differ.
 */
const opaque = (picture: Picture): Picture =>
  picture.mediaType === 'image/png'
    ? { ...picture, bytes: PNG.sync.write(PNG.sync.read(Buffer.from(picture.bytes)), { colorType: 2 }) }
    : picture
