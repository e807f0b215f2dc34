import { useEffect, useRef } from 'preact/hooks'
import { isIncident } from '../conversation/names.ts'
import { useSession, useSessionState } from '../session.ts'
import { useControls } from './control-session.ts'

/**
 * Takes whoever watches a story to the incident's channel when Muster opens it. Who has gone elsewhere meanwhile, or
 * takes part already, is left where they are.
 */
export function useFollowStory(): void {
  const session = useSession()
  const { workspace, place } = useSessionState()
  const { progress } = useControls()
  const known = useRef<Set<string>>(undefined)
  const incidents = (workspace?.conversations ?? []).filter(isIncident)
  const newest = incidents.find(({ id }) => known.current && !known.current.has(id))
  useEffect(() => {
    known.current = new Set(incidents.map(({ id }) => id))
    const isWaiting = place.kind === 'channel' && !incidents.some(({ id }) => id === place.channel)
    const isTold = progress.state === 'playing' || progress.state === 'paused'
    if (newest && isWaiting && isTold) void session.goTo({ kind: 'channel', channel: newest.id })
  }, [incidents.length])
}
