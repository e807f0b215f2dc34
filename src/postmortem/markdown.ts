import MarkdownIt from 'markdown-it'

export type Reader = ReturnType<typeof MarkdownIt>
export type Token = ReturnType<Reader['parse']>[number]

/** Reads the Markdown of a document: no HTML in it, and links only to web pages, itself and its own charts. */
export const createReader = (options: { xhtmlOut?: boolean } = {}): Reader => {
  const reader = new MarkdownIt({ html: false, linkify: false, typographer: false, ...options })
  // markdown-it lets files, mail and some data: addresses pass.
  reader.validateLink = (address) => /^(https?:\/\/|#|charts\/[\w.-]+$)/i.test(address)
  return reader
}

/** The inline parts of a block, without its picture: `![alt](file)` becomes its description. */
export const describe = (token: Token): string =>
  (token.children ?? []).map((child) => (child.type === 'image' || child.content ? child.content : '')).join('')

/** Removes what `markdown-it` adds for alignment: neither our page's policy nor Confluence allows style attributes. */
export const withoutStyle = (token: Token | undefined): void => {
  if (token?.attrs) token.attrs = token.attrs.filter(([name]) => name !== 'style')
}
