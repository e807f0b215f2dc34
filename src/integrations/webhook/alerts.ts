import type { AlertSource, Delivery, Reading } from '../../incident/alert.ts'
import { messageOf } from '../../incident/errors.ts'
import { isSignedBy } from '../../incident/proof.ts'
import { type Compiled, compileMapping, type Mapping } from './mapping.ts'
import { shippedMappings } from './shipped.ts'
import { toSignal } from './signals.ts'
import { snsDoor } from './sns.ts'
import { presentsToken } from './token.ts'

type Options = {
  tokens: readonly string[]
  /** Mappings by name, `webhooks:` in muster.yaml; they extend or replace those that come with Muster. */
  webhooks?: Readonly<Record<string, Mapping>>
  /** For Amazon SNS: fetches its certificate and confirms subscriptions. */
  fetch?: typeof globalThis.fetch
}

/** The mapping for `POST /webhooks/alerts` without a name: the body has the members of an alert itself. */
const PLAIN = 'plain'

/**
 * Any sender of JSON at `POST /webhooks/alerts/<name>`, through the mapping of that name.
 * @throws BadExpression when a mapping is invalid.
 */
export const webhookAlerts = ({ tokens, webhooks = {}, fetch = globalThis.fetch }: Options): AlertSource => {
  const compiled = new Map(
    Object.entries({ ...shippedMappings, ...webhooks }).map(([name, mapping]) => [
      name,
      compileMapping(mapping, `webhooks.${name}`),
    ]),
  )
  const sns = snsDoor({ fetch })
  const known = ({ name = PLAIN }: Delivery) => compiled.get(name)

  return {
    name: 'alerts',
    async verify(delivery) {
      const mapping = known(delivery)?.mapping
      if (!presentsToken(delivery, tokens) && !isSigned(delivery, mapping, tokens)) return false
      return mapping?.envelope === 'sns' ? sns.verify(delivery) : true
    },
    async read(body, delivery) {
      const found = known(delivery)
      if (!found)
        return notUnderstood(`no webhook is named "${delivery.name}"; there are ${[...compiled.keys()].join(', ')}`)
      if (found.mapping.envelope !== 'sns') return readWith(found, body, delivery)
      const opened = await sns.open(body)
      return 'reading' in opened ? opened.reading : readWith(found, opened.message, delivery)
    },
  }
}

const isSigned = ({ headers, body }: Delivery, mapping: Mapping | undefined, tokens: readonly string[]): boolean => {
  const signature = mapping?.signatureHeader && headers[mapping.signatureHeader.toLowerCase()]
  if (!signature) return false
  return isSignedBy(
    [
      signature
        .trim()
        .toLowerCase()
        .replace(/^sha256=/, ''),
    ],
    body,
    tokens,
  )
}

const notUnderstood = (note: string): Reading => ({ signals: [], understood: false, notes: [note] })

const readWith = async ({ evaluate }: Compiled, body: unknown, delivery: Delivery): Promise<Reading> => {
  const name = delivery.name ?? PLAIN
  let yielded: unknown[] | undefined
  try {
    yielded = await evaluate(body)
  } catch (error) {
    return notUnderstood(`the mapping of webhook "${name}" failed: ${messageOf(error)}`)
  }
  if (!yielded) return notUnderstood(`the mapping of webhook "${name}" does not recognise this`)
  const signals = yielded.flatMap((one) => toSignal(one, name, delivery) ?? [])
  const lost = yielded.length - signals.length
  return {
    signals,
    understood: yielded.length === 0 || signals.length > 0,
    notes: lost > 0 ? [`${lost} results of the mapping of webhook "${name}" are not alerts`] : [],
  }
}
