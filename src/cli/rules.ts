import type { Rule } from '../incident/rule-event.ts'
import { type RuleTrigger, whyNot } from '../incident/rules.ts'

export type RuleCase = RuleTrigger & { service?: string | undefined; private: boolean; drill: boolean }

/** One line for each rule: what it would do in this case, or why it would not act. */
export const testRules = (rules: readonly Rule[], asked: RuleCase): string[] =>
  rules.length === 0
    ? ['There are no rules in muster.yaml.']
    : rules.map((rule) => {
        const reason = whyNot(rule, asked, asked)
        return reason === undefined ? `${rule.name}: acts: ${doing(rule)}` : `${rule.name}: does not act: ${reason}`
      })

const doing = ({ do: { invite, post, page, announce } }: Rule): string =>
  [
    ...(invite ? [`invites ${invite.join(', ')}`] : []),
    ...(post ? [`posts "${post.text}"${post.link ? ` with ${post.link}` : ''}`] : []),
    ...(page ? [`pages who is on call for ${page}`] : []),
    ...(announce ? [`announces it in ${announce.channel}`] : []),
  ].join('; ')
