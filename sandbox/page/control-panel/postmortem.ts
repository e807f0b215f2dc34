import { useEffect, useRef } from 'preact/hooks'
import { useSession, useSessionState } from '../session.ts'
import type { State } from '../state.ts'
import { destinationOf } from '../text/links.ts'
import { useControls } from './control-session.ts'

/** Opens the postmortem in the side pane, once per story, when the story has ended and its link has been posted. */
export function usePostmortem(): void {
  const session = useSession()
  const state = useSessionState()
  const { progress } = useControls()
  const wasPlaying = useRef(false)
  const link = lastPostmortem(state)
  useEffect(() => {
    if (progress.state === 'playing') wasPlaying.current = true
    if (progress.state !== 'ended' || !wasPlaying.current || !link) return
    wasPlaying.current = false
    session.follow(link)
  }, [progress.state, link])
}

const LINK = /(?:https?:\/\/[^\s<>|"]+)?\/incidents\/[\w-]+\/postmortem\.html[^\s<>|"]*/g

/** The most recently posted postmortem link, in text or blocks. */
function lastPostmortem({ messages }: State): string | undefined {
  const posted = Object.values(messages)
    .flat()
    .toSorted((one, other) => Number(one.ts) - Number(other.ts))
    .flatMap(({ text, blocks }) => `${text} ${JSON.stringify(blocks ?? [])}`.match(LINK) ?? [])
  const last = posted.at(-1)?.replaceAll('&amp;', '&')
  return last && destinationOf(last)?.kind === 'document' ? last : undefined
}
