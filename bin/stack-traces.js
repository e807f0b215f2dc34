import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Makes stack traces of the build name the files and lines of the source. Node's `--enable-source-maps` would read every
 * map while it loads the program, which costs 30 MB and a tenth of the start; here a map is read when a trace needs it.
 */
export const nameSourcesInTraces = () => {
  // A map takes megabytes while it is decoded: kept only until memory is needed.
  const maps = new Map()
  const mapOf = (file) => {
    const map = maps.get(file)?.deref() ?? readMap(file)
    if (map) maps.set(file, new WeakRef(map))
    return map
  }
  Error.prepareStackTrace = (error, frames) =>
    [headerOf(error), ...frames.map((frame) => `    at ${described(frame, mapOf)}`)].join('\n')
}

/** The map beside a file of the build; undefined for Node's own files and for packages, which have none. */
const readMap = (file) => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')))
  } catch {
    return undefined
  }
}

const described = (frame, mapOf) => {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()]
  const map = file?.startsWith('file:') && line && column ? mapOf(file) : undefined
  const { fileName, lineNumber, columnNumber } = map?.findOrigin(line, column) ?? {}
  if (!fileName) return String(frame)
  return String(frame).replace(`${file}:${line}:${column}`, `${fileName}:${lineNumber}:${columnNumber}`)
}

/** What Node prints for an error whose `toString` throws. */
const headerOf = (error) => {
  try {
    return String(error)
  } catch {
    return '<error>'
  }
}
