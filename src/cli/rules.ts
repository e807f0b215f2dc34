import type { Rule } from '../incident/rule-event.ts'
import { type RuleTrigger, whyNot } from '../incident/rules.ts'

export type RuleCase = RuleTrigger & { service?: string | undefined; private: boolean; drill: boolean }

/** One line for each rule: what it would do in this case, or why it would not act. */
export const testRules = (rules: readonly Rule[], asked: RuleCase): string[] =>
  rules.length === 0
    ? ['There are no rules in muster.yaml.']
    : rules.map((rule) => {
        const reason = whyNot(rule, asked, asked)
        return reason === undefined
          ? `${rule.name}: acts: ${doing(rule, asked)}`
          : `${rule.name}: does not act: ${reason}`
      })

const doing = ({ do: { invite, post, page, announce } }: Rule, { private: isPrivate }: RuleCase): string =>
  [
    ...(invite ? [`invites ${invite.join(', ')}`] : []),
    ...(post ? [`posts "${post.text}"${post.link ? ` with ${post.link}` : ''}`] : []),
    ...(page ? [/^[UW][A-Z0-9]{2,}$/.test(page) ? `pages ${page}` : `pages who is on call for ${page}`] : []),
    ...(announce && isPrivate ? ['announces nothing, because the incident is private'] : []),
    ...(announce && !isPrivate ? [`announces it in ${announce.channel}`] : []),
  ].join('; ')

/** What of the case does not exist in muster.yaml, in a sentence; undefined when all of it does. */
export const unknownIn = (
  { severity, service }: Pick<Partial<RuleCase>, 'severity' | 'service'>,
  { severities, services }: { severities: readonly string[]; services: readonly string[] },
): string | undefined => {
  if (severity !== undefined && !severities.includes(severity))
    return `There is no severity ${severity} in muster.yaml; it has ${severities.join(', ')}.`
  if (service !== undefined && !services.includes(service))
    return `There is no service ${service} in muster.yaml; it has ${services.slice(0, 10).join(', ') || 'none'}.`
  return undefined
}
