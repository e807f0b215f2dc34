import { useEffect, useRef } from 'preact/hooks'
import { isIncident } from '../conversation/names.ts'
import { useSession, useSessionState } from '../session.ts'
import { useControls } from './control-session.ts'

/**
 * Navigates to the incident's channel when Muster opens it during a story, unless the viewer is in an incident or outside
 * the channels.
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
    const isInOrdinaryChannel = place.kind === 'channel' && !incidents.some(({ id }) => id === place.channel)
    const isStoryRunning = progress.state === 'playing' || progress.state === 'paused'
    if (newest && isInOrdinaryChannel && isStoryRunning) void session.goTo({ kind: 'channel', channel: newest.id })
  }, [incidents.length])
}
