import { createHash } from 'node:crypto'

/** The page's style: readable at arm's length at night, and on paper in the review. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1d2430; --soft: #5a6473; --back: #fff; --line: #d9dee6; --shade: #f5f7fa; --link: #0b57b0; --gap: #7a4a00; --gap-back: #fff4dd; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8ee; --soft: #a3adbb; --back: #14181f; --line: #333b47; --shade: #1c222b; --link: #83b7ff; --gap: #ffcf87; --gap-back: #33270f; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 1.25rem; letter-spacing: -0.01em; }
h2 { font-size: 1.3rem; margin: 2.25rem 0 0.5rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.4rem; }
p, ul, ol { margin: 0.5rem 0; }
ul { padding-left: 1.4rem; }
li { margin: 0.2rem 0; }
a { color: var(--link); }
code, pre { font: 0.88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--shade); border-radius: 4px; }
code { padding: 0.1em 0.3em; }
pre { padding: 0.8rem 1rem; overflow-x: auto; border: 1px solid var(--line); }
pre code { padding: 0; background: none; font-size: 1em; overflow-wrap: normal; }
blockquote { margin: 1.25rem 0; padding: 0.7rem 1.1rem; background: var(--gap-back); border-left: 4px solid var(--gap); border-radius: 4px; }
em.unknown { color: var(--gap); background: var(--gap-back); padding: 0.1em 0.35em; border-radius: 4px; font-style: normal; }
em.absent, td em { color: var(--soft); }
td em.unknown { color: var(--gap); }
.table { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.94em; }
th, td { min-width: 4.2rem; text-align: left; vertical-align: top; padding: 0.4rem 0.7rem; border-bottom: 1px solid var(--line); overflow-wrap: normal; word-break: normal; }
th { background: var(--shade); font-weight: 600; white-space: nowrap; }
th:nth-child(2), td:nth-child(2) { min-width: 5.4rem; }
td:first-child { font-variant-numeric: tabular-nums; }
/* An address that somebody wrote must not make the table wider than the page. */
td:last-child { overflow-wrap: anywhere; min-width: 7rem; }
img { display: block; max-width: 100%; height: auto; margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
button { font: inherit; padding: 0.5rem 1rem; border: 1px solid var(--link); border-radius: 6px; background: var(--link); color: var(--back); cursor: pointer; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem; margin: 0 0 1.75rem; }
.controls select { font: inherit; max-width: 16rem; padding: 0.4rem; color: inherit; background: var(--shade); border: 1px solid var(--line); border-radius: 6px; }
button + button { background: none; color: var(--link); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5rem 0 1rem; }
hr ~ p { color: var(--soft); font-size: 0.9em; }
@media (max-width: 40rem) {
  main { padding: 1.25rem 0.9rem 3rem; }
  table { font-size: 0.85em; }
  th, td { min-width: 0; padding: 0.35rem 0.4rem; }
  th { white-space: normal; }
}
@page { margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; --text: #000; --soft: #444; --back: #fff; --line: #bbb; --shade: #f2f2f2; --link: #000; --gap: #000; --gap-back: #f2f2f2; }
  body { font-size: 10.5pt; }
  .controls { display: none; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, img, pre, blockquote { break-inside: avoid; }
  a[href^="http"]::after { content: " (" attr(href) ")"; font-size: 0.85em; }
  /* In a table an address would be wider than the paper. */
  td a[href^="http"]::after { content: none; }
  .table { overflow: visible; }
  thead { display: table-header-group; }
}
`

const hashOfStyle = createHash('sha256').update(STYLE).digest('base64')

/** Nothing is loaded, nothing runs: the page is text, its own style and its own pictures. */
export const HTML_POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${hashOfStyle}'; base-uri 'none'; form-action 'none'`
