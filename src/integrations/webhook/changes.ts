import type { Delivery } from '../../incident/alert.ts'
import type { ChangeReading, ChangeSource } from '../../incident/change.ts'
import { isSignedBy } from '../../incident/proof.ts'
import { argocdChanges } from './changes/argocd.ts'
import { fluxChanges } from './changes/flux.ts'
import { plainChanges } from './changes/plain.ts'
import { presentsToken } from './token.ts'

/** Parses the body of one sender. It never throws for what is in it. */
export type ChangeFormat = (body: unknown, receivedAt: number) => ChangeReading

/** The formats of `POST /webhooks/changes/<name>`; without a name it is our own (docs/sources/webhook.md). */
const formats = new Map<string, ChangeFormat>([
  ['argocd', argocdChanges],
  ['flux', fluxChanges],
])

/**
 * Changes from any pipeline at `POST /webhooks/changes`, and from ArgoCD and Flux at `/webhooks/changes/<name>`. A
 * delivery presents one of the tokens, or is signed with one.
 */
export const webhookChanges = ({ tokens }: { tokens: readonly string[] }): ChangeSource => ({
  name: 'changes',
  verify: (delivery) => presentsToken(delivery, tokens) || isSigned(delivery, tokens),
  read(body, { name, receivedAt }) {
    const format = name === undefined ? plainChanges : formats.get(name)
    if (format) return format(body, receivedAt)
    const known = [...formats.keys()].join(', ')
    return { changes: [], understood: false, notes: [`no changes are read from "${name}"; there are ${known}`] }
  },
})

/** Flux: the provider `generic-hmac` sends `X-Signature: sha256=<hex>` over the body. */
const isSigned = ({ headers, body }: Delivery, tokens: readonly string[]): boolean => {
  const signature = headers['x-signature']?.trim().toLowerCase() ?? ''
  return signature.startsWith('sha256=') && isSignedBy([signature.slice('sha256='.length)], body, tokens)
}
