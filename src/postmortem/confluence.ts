import { createReader, withoutStyle } from './markdown.ts'

/**
 * A document in Confluence's storage format: XHTML with Confluence's own elements, for the body of a page. Pictures are
 * attachments, by file name. The title is left out: a page has one of its own.
 * Confluence: https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html
 */
export const confluencePage = (markdown: string): string => {
  const reader = createReader({ xhtmlOut: true })
  const { escapeHtml } = reader.utils
  const { rules } = reader.renderer
  rules.fence = (tokens, at) =>
    macro('code', `<ac:plain-text-body>${cdata(tokens[at]?.content ?? '')}</ac:plain-text-body>`)
  rules.code_block = rules.fence
  rules.blockquote_open = () => '<ac:structured-macro ac:name="info"><ac:rich-text-body>\n'
  rules.blockquote_close = () => '</ac:rich-text-body></ac:structured-macro>\n'
  rules.image = (tokens, at, options, env, renderer) => {
    const token = tokens[at]
    const alt = escapeHtml(renderer.renderInlineAsText(token?.children ?? [], options, env))
    const file = escapeHtml(String(token?.attrGet('src')).split('/').at(-1) ?? '')
    return `<ac:image ac:alt="${alt}" ac:width="760"><ri:attachment ri:filename="${file}" /></ac:image>`
  }
  const styled: NonNullable<typeof rules.td_open> = (tokens, at, options, _env, renderer) => {
    withoutStyle(tokens[at])
    return renderer.renderToken(tokens, at, options)
  }
  rules.td_open = styled
  rules.th_open = styled
  return reader.render(withoutTitle(markdown), {})
}

const macro = (name: string, body: string): string =>
  `<ac:structured-macro ac:name="${name}">${body}</ac:structured-macro>\n`

/** Text that its content cannot end. */
const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

const withoutTitle = (markdown: string): string => markdown.replace(/^# .*\n+/m, '')
