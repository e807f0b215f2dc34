/** Text that may stand in XML: mark-up escaped, and characters replaced that XML cannot represent. */
export const escaped = (text: string): string =>
  text
    .replace(/[[\p{Cc}\p{Noncharacter_Code_Point}]--[\t\n\r]]/gv, '\uFFFD')
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** A coordinate with no more digits than can be seen. */
export const rounded = (value: number): string => String(Number(value.toFixed(1)))
