/** The target of a link in a message that is safe to follow. */
export type Destination =
  | { kind: 'outside'; url: string }
  /** A document of Muster's: opens in the side pane. */
  | { kind: 'document'; url: string; title: string }
  /** A Slack permalink into this workspace. */
  | { kind: 'message'; channel: string; ts: string; threadTs?: string }

/** Only http(s) and mailto links are followed; others (`javascript:`, `data:`, ...) are undefined and shown as text. */
export function destinationOf(link: string, base = import.meta.url): Destination | undefined {
  if (!/^(https?:|mailto:|\/(?!\/))/i.test(link)) return undefined
  const url = URL.parse(link, base)
  if (!url) return undefined
  const [isExport, incident, name, format] = /^\/incidents\/([^/]+)\/([\w-]+)\.(html|md|json)$/.exec(url.pathname) ?? []
  // Only the path is used: behind a tunnel the public host differs from the one this page was opened at.
  const path = url.pathname + url.search
  if (isExport)
    return format === 'html'
      ? { kind: 'document', url: path, title: `${incident} ${name}` }
      : { kind: 'outside', url: path }
  const message = /^\/archives\/([CDG][A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?$/.exec(url.pathname)
  if (message?.[1]) {
    const thread = url.searchParams.get('thread_ts')
    const ts = message[2] ? `${message[2]}.${message[3]}` : ''
    return { kind: 'message', channel: message[1], ts, ...(thread ? { threadTs: thread } : {}) }
  }
  return { kind: 'outside', url: url.href }
}
