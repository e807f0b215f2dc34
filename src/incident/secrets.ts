/**
 * Redacts what must not be stored, wherever it is written: credentials by their format, by the name beside them, and
 * payment card numbers. Best effort: a secret of an unknown format cannot be told from any other word.
 */
const SHAPES: readonly RegExp[] = [
  // Slack, GitHub, GitLab, Grafana, Stripe, npm, PyPI, SendGrid, Google, OpenAI and Anthropic keys.
  /\b(?:xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|gl(?:sa|c)_\w{16,})/g,
  /\b(?:[rs]k_(?:live|test)_\w{10,}|npm_\w{20,}|pypi-[\w-]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|AIza[\w-]{30,}|sk-[\w-]{20,})/g,
  // Amazon: access key ids.
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  // JSON Web Tokens.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // Authorization headers.
  /\b(?:Bearer|Basic|Token)\s+[\w.~+/=-]{8,}/gi,
  // A password in an address.
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
]
/** `password=...`, `"api_key": "..."`, `X-Auth-Token: ...` */
const NAMED =
  /((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|credentials?|authorization|cookie|session[_-]?id)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&"'}\])]+)/gi
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g

const MASK = '[secret]'

/** The text without credentials and card numbers. */
export const maskSecrets = (text: string): string =>
  SHAPES.reduce((masked, shape) => masked.replace(shape, MASK), text)
    .replace(NAMED, (all, name: string, value: string) =>
      // Masked by its shape already.
      MASK.startsWith(value) ? all : `${name}${MASK}`,
    )
    .replace(CARD, (digits) => (isCard(digits.replace(/\D/g, '')) ? MASK : digits))

/** Luhn's check digit: most long numbers in a log are no cards. */
const isCard = (digits: string): boolean => {
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1+$/.test(digits)) return false
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
