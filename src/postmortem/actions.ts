import type { ActionItem } from '../incident/incident.ts'
import { capital } from '../incident/measure.ts'
import { webAddress } from './text.ts'

/** One row of the action items. */
export type Action = {
  id: number
  text: string
  /** `mitigate`, `corrective`, `preventative` or `process`, as far as its text says so. */
  type: string | null
  owner: string | null
  /** The ticket it is followed up in: a web address, or a key in brackets at its end, `(SHOP-12)`. */
  bug: string | null
  /** `2026-12-01`, as far as its text says so: `due 2026-12-01`. */
  due: string | null
  done: boolean
}

/** The words people put before an item, `[preventative] ...` or `fix: ...`, and the type they mean. */
const TYPES: [type: string, words: RegExp][] = [
  ['mitigate', /^mitigat(e|ion|ive|ing)$/],
  ['corrective', /^(corrective|correct|fix|repair)$/],
  ['preventative', /^prevent(ative|ive|ion)?$/],
  ['process', /^process$/],
]

const DUE = /[,;(]?\s*\b(?:due|by|until)\s+(\d{4}-\d{2}-\d{2})\b\)?/i

/** Slack writes an address as <address> or <address|label>. */
const WEB = /<?(https?:\/\/[^\s<>|]+)(?:\|[^<>]*)?>?/i
const KEY = /[([]([A-Z][A-Z0-9]{1,9}-\d{1,7})[)\]]\s*$/

/** The action items as a table shows them; `nameOf` puts the owner into words. */
export const actionsOf = (items: readonly ActionItem[], nameOf: (slackUserId: string) => string): Action[] =>
  items.map(({ id, text, owner, done }) => {
    const [prefix, bracketed, plain] = /^\s*(?:\[([a-z]+)\]:?|([a-z]+):)\s*/i.exec(text) ?? []
    const word = (bracketed ?? plain ?? '').toLowerCase()
    const type = TYPES.find(([, words]) => words.test(word))?.[0] ?? null
    const named = type === null ? text : text.slice(prefix?.length)
    const due = DUE.exec(named)?.[1] ?? null
    const undated = due === null ? named : named.replace(DUE, '')
    const address = WEB.exec(undated)?.[1]
    const key = KEY.exec(undated)?.[1]
    const bug = webAddress(address) ?? key ?? null
    const rest = bug === null ? undated : undated.replace(address ? WEB : KEY, '').replace(/\s*\(\s*\)/, '')
    return {
      id,
      text: capital(rest.replace(/[,:;]?\s*(?:see)?[,:;\s]*$/i, '').trim() || named.trim()),
      type,
      owner: owner ? nameOf(owner) : null,
      bug,
      due,
      done,
    }
  })
