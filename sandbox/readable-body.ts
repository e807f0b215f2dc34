/** Longer bodies are cut after this many characters: they are for reading. */
const LIMIT = 20_000

/** A request's or answer's body for people: forms as JSON, pictures as their size, tokens left out. */
export function readableBody(chunks: Buffer[], type = ''): string {
  const bytes = Buffer.concat(chunks)
  if (bytes.length === 0) return ''
  if (/^(image|multipart|application\/(octet-stream|x-protobuf))/.test(type))
    return `${bytes.length} bytes of ${type.split(';')[0]}`
  const text = bytes.toString('utf8')
  const readable = type.startsWith('application/x-www-form-urlencoded') ? formAsJson(text) : text
  return readable.length > LIMIT ? `${readable.slice(0, LIMIT)}…` : readable
}

/** Slack's SDK sends forms with JSON inside: both are parsedField up. */
function formAsJson(text: string): string {
  const fields = [...new URLSearchParams(text)].map(([name, value]) => [
    name,
    name === 'token' ? '…' : parsedField(value),
  ])
  return JSON.stringify(Object.fromEntries(fields))
}

function parsedField(value: string): unknown {
  if (!/^[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
