import type { EffectHandler } from '../../incident/effect-handler.ts'
import type { Guard } from '../../incident/errors.ts'
import { pushFiles, type Repository } from './push.ts'

export type GitOptions = {
  /** Where postmortems go; undefined where muster.yaml names none. */
  repository:
    | (Repository & {
        folder: string
        /** Private incidents, too. */
        private: boolean
      })
    | undefined
  /** The files of a postmortem, by name; undefined when there is no such incident. */
  files(id: string): Promise<ReadonlyMap<string, Buffer> | undefined>
  guard: Guard
  now: () => number
}

/** Keeps published postmortems in a Git repository. */
export const gitEffects = ({ repository, files, guard, now }: GitOptions) => {
  // A second push finds the same files there and makes no commit.
  const push_postmortem: EffectHandler<'push_postmortem'> = async (_effect, { incident, cause, signal }) => {
    if (!repository || (incident.private && !repository.private)) return []
    const written = await files(incident.id)
    if (!written) return []
    const inFolder = new Map([...written].map(([name, content]) => [`${repository.folder}/${name}`, content]))
    const message = `${incident.id}: ${incident.title}\n\nPostmortem, ${incident.review?.state ?? 'draft'}. Written by Muster.\n`
    const reference = await guard(() => pushFiles(repository, { files: inFolder, message, at: cause.at }, signal))
    return reference === undefined ? [] : [{ by: 'git', at: now(), type: 'postmortem_exported', to: 'git', reference }]
  }

  return { push_postmortem }
}
