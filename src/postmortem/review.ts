import type { PostmortemData } from './document.ts'
import type { Material } from './material.ts'

/** How far the document is, and who edited it last. */
export const reviewOf = (
  { incident: { status, review, prose }, clock }: Material,
  nameOf: (actor: string) => string,
): Pick<PostmortemData, 'status' | 'review' | 'edited'> => {
  const stamp = (at: number) => `${clock.day(at)} ${clock.time(at)} UTC`
  const last = Object.values(prose ?? {}).sort((a, b) => b.revision - a.revision)[0]
  return {
    status: review ? STATES[review.state] : status === 'closed' ? 'Complete' : 'Draft',
    review: review
      ? {
          state: review.state,
          since: stamp(review.since),
          reviewers: review.reviewers.map((id) => ({ name: nameOf(id), approved: review.approved.includes(id) })),
        }
      : null,
    edited: last ? { by: nameOf(last.by), at: stamp(last.at) } : null,
  }
}

const STATES = { 'in review': 'In review', published: 'Published' } as const

/** Who held a role, who wrote in the document, and who wrote on the timeline. */
export const authorsOf = (
  { incident: { prose }, facts, labels }: Material,
  nameOf: (actor: string) => string,
): PostmortemData['authors'] => {
  const editors = new Set(Object.values(prose ?? {}).map(({ by }) => by))
  return [
    ...[...facts.roles].map(([id, roles]) => ({ name: nameOf(id), roles: roles.map(labels.role).join(', ') })),
    ...[...editors].filter((id) => !facts.roles.has(id)).map((id) => ({ name: nameOf(id), roles: 'Editor' })),
    ...[...facts.writers]
      .filter((id) => !facts.roles.has(id) && !editors.has(id))
      .map((id) => ({ name: nameOf(id), roles: 'Contributor' })),
  ]
}
