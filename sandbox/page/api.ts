import type { MessageView, UserAction, UserActionResult, WorkspaceEvent, WorkspaceView } from '../slack/client-api.ts'

const get = async <T>(path: string, query: Record<string, string>): Promise<T> => {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, { signal: AbortSignal.timeout(15_000) })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return response.json() as Promise<T>
}

/** The workspace as seen by `as`; by default the server picks a person. */
export const fetchWorkspace = (as: string | undefined) =>
  get<WorkspaceView>('/sandbox/workspace', as === undefined ? {} : { as })

export const fetchMessages = (as: string, channel: string) => get<MessageView[]>('/sandbox/messages', { as, channel })

/** Performs an action as a person. Never rejects: a failed connection is an error result. */
export async function postAction(act: UserAction): Promise<UserActionResult> {
  try {
    return (await post('/sandbox/act', act)) as UserActionResult
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}

/** Posts JSON and returns the JSON response, whatever its status. */
export async function post(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (answer === undefined) throw new Error(`The sandbox answered ${response.status}.`)
  return answer
}

/** Subscribes to workspace events until the returned function is called. */
export function listen(
  as: string,
  handlers: { event(event: WorkspaceEvent): void; connected(): void; lost(): void },
): () => void {
  return subscribe<WorkspaceEvent>(`/sandbox/events?${new URLSearchParams({ as })}`, handlers)
}

/** Subscribes to server-sent events with JSON data. The browser reconnects on its own; `connected` is called each time. */
export function subscribe<T>(path: string, handlers: { event(event: T): void; connected?(): void; lost?(): void }) {
  const source = new EventSource(path)
  source.onopen = () => handlers.connected?.()
  source.onerror = () => handlers.lost?.()
  source.onmessage = (message) => handlers.event(JSON.parse(message.data) as T)
  return () => source.close()
}
