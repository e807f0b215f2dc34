/** Longer bodies are truncated to this many characters. */
const LIMIT = 20_000

/** A request or response body for display: forms as JSON, binary content as its size, tokens redacted. */
export function readableBody(chunks: Buffer[], type = ''): string {
  const bytes = Buffer.concat(chunks)
  if (bytes.length === 0) return ''
  if (/^(image|multipart|application\/(octet-stream|x-protobuf))/.test(type))
    return `${bytes.length} bytes of ${type.split(';')[0]}`
  const text = bytes.toString('utf8')
  const readable = type.startsWith('application/x-www-form-urlencoded') ? formAsJson(text) : text
  return readable.length > LIMIT ? `${readable.slice(0, LIMIT)}…` : readable
}

/** Slack's SDK sends forms whose fields hold JSON: decodes both. */
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
