/**
 * What we use of pdfmake. Its published types bring in the DOM's, which would change the global `fetch` of the whole
 * program.
 */
declare module 'pdfmake' {
  export type TextRun = {
    text: string
    font?: string
    bold?: boolean
    color?: string
    link?: string
    background?: string
  }
  /** A block; pdfmake takes many more members than these, and ignores what it does not know. */
  export type Content = {
    text?: string | TextRun[]
    stack?: Content[]
    ul?: Content[]
    ol?: Content[]
    columns?: Content[]
    image?: string
    /** The largest width and height of an image, in points. */
    fit?: [width: number, height: number]
    table?: { headerRows?: number; dontBreakRows?: boolean; widths?: string[]; body: Content[][] }
    layout?: string | Record<string, (index: number) => number | string>
    canvas?: object[]
    style?: string
    headlineLevel?: number
    margin?: [left: number, top: number, right: number, bottom: number]
    fontSize?: number
    bold?: boolean
    color?: string
    fillColor?: string
    alignment?: 'left' | 'right' | 'center'
    width?: number
    unbreakable?: boolean
    preserveLeadingSpaces?: boolean
  }
  type Node = { headlineLevel?: number }
  export type DocumentDefinition = {
    pageSize: string
    pageMargins: [left: number, top: number, right: number, bottom: number]
    info: Record<string, string | Date>
    language: string
    defaultStyle: Content & { font: string; lineHeight: number }
    styles: Record<string, Content>
    content: Content[]
    footer(page: number, pages: number): Content
    pageBreakBefore(node: Node, query: { getFollowingNodesOnPage(): Node[] }): boolean
  }
  type Faces = { normal: string; bold: string; italics: string; bolditalics: string }
  const pdfmake: {
    setFonts(fonts: Record<string, Faces>): void
    setUrlAccessPolicy(allows: (url: string) => boolean): void
    setLocalAccessPolicy(allows: (path: string) => boolean): void
    createPdf(definition: DocumentDefinition): { getBuffer(): Promise<Buffer> }
  }
  export default pdfmake
}
