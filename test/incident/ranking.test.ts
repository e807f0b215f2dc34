import { describe, expect, test } from 'vitest'
import { nameCause } from '../../src/incident/decide.ts'
import { replay } from '../../src/incident/evolve.ts'
import { plain } from '../../src/incident/phrase.ts'
import {
  changedLead,
  latestRanking,
  nextRound,
  openedAt,
  type RankingFound,
  verdictsOf,
} from '../../src/incident/ranking.ts'
import { leadPhrases, rankingSentence, verdictPhrases } from '../../src/incident/ranking-words.ts'
import { act, declared, MINUTE, T } from './facts.ts'

const found = (label: RankingFound['label'], ...services: string[]): RankingFound => ({
  trigger: 'later',
  label,
  suspects: services.map((service) => ({
    service,
    label,
    score: 3,
    explains: [],
    virtual: false,
    signals: [{ text: 'connections 41 → 100 (limit 100)', since: T }],
  })),
  facts: [],
  read: { series: 60, of: 62 },
  services: 10,
  leftOut: 0,
  problems: [],
})
const unreadable: RankingFound = { ...found('no clear suspect'), read: { series: 0, of: 0 }, problems: ['It is down.'] }

describe('re-ranking', () => {
  test('runs after 1, 2, 5 and 10 minutes, and skips what was missed', () => {
    expect(nextRound(T, T)).toEqual({ at: T + MINUTE, round: 1 })
    expect(nextRound(T, T + MINUTE)).toEqual({ at: T + 2 * MINUTE, round: 2 })
    expect(nextRound(T, T + 4 * MINUTE)).toEqual({ at: T + 5 * MINUTE, round: 3 })
    expect(nextRound(T, T + 10 * MINUTE)).toBeUndefined()
    expect(openedAt({ at: T + 5 * MINUTE, round: 3 })).toBe(T)
  })

  test('mentions the previous lead only when it differed', () => {
    expect(changedLead(undefined, found('likely', 'mysql'))).toBeUndefined()
    expect(changedLead(found('likely', 'mysql'), found('likely', 'mysql'))).toBeUndefined()
    expect(changedLead(found('no clear suspect', 'web'), found('likely', 'mysql'))).toEqual({
      label: 'no clear suspect',
    })
    expect(changedLead(found('possible', 'web'), found('likely', 'mysql'))).toEqual({
      label: 'possible',
      service: 'web',
    })
  })

  test('keeps an earlier finding when nothing could be read, and says why', () => {
    const first = latestRanking(undefined, { ...found('likely', 'mysql'), at: T })
    const second = latestRanking(first, { ...unreadable, at: T + MINUTE })
    expect(second).toMatchObject({ at: T, label: 'likely', problems: ['It is down.'] })
  })

  test('keeps since when a suspect has been leading', () => {
    const first = latestRanking(undefined, { ...found('possible', 'web'), at: T })
    const was = { label: 'possible' as const, service: 'web' }
    const second = latestRanking(first, { ...found('likely', 'mysql'), at: T + MINUTE, was })
    const third = latestRanking(second, { ...found('likely', 'mysql'), at: T + 2 * MINUTE })
    expect(third).toMatchObject({ leadSince: T + MINUTE, before: { ...was, at: T } })
  })
})

test('adds no timeline entry when nothing changes; the first ranking and a new leader do', () => {
  expect(rankingSentence(found('likely', 'mysql'))).toBeUndefined()
  expect(plain(rankingSentence({ ...found('likely', 'mysql'), trigger: 'opening' }) ?? [])).toMatch(
    /^Suspects: Likely mysql/,
  )
  const changed = rankingSentence({ ...found('likely', 'mysql'), was: { label: 'no clear suspect' } })
  expect(plain(changed ?? [])).toMatch(/\(was: no clear suspect\)$/)
})

test('names nobody when nothing could be read', () => {
  expect(plain(leadPhrases(unreadable))).toBe('No suspects: It is down.')
  expect(plain(leadPhrases(found('no clear suspect', 'web')))).toBe('No clear suspect (60 of 62 signals could be read)')
})

describe('a verdict', () => {
  const sentenceOfAll = (...rankings: RankingFound[]) => {
    const timed = rankings.map((ranking, i) => ({ ...ranking, at: T + i * MINUTE }))
    const phrases = verdictPhrases(verdictsOf(timed, 'mysql'), 'mysql', T)
    return phrases && plain(phrases)
  }
  test('does not depend on how the name was typed', () => {
    const ranking = { ...found('likely', 'mysql'), at: T }
    expect(verdictsOf([ranking], 'MySQL')).toEqual([{ at: T, label: 'likely', place: 1 }])
    const incident = { ...replay('INC-1', [declared()]), ranking: latestRanking(undefined, ranking) }
    expect(nameCause(incident, { service: 'MySQL' }, act())).toMatchObject([{ service: 'mysql' }])
    expect(nameCause(incident, { service: 'DNS' }, act())).toMatchObject([{ service: 'DNS' }])
  })

  test.each([
    [[unreadable], undefined],
    [
      [found('possible', 'mysql'), found('likely', 'web', 'mysql')],
      'The suspect ranking named mysql first (possible) 0 s after the opening, but no longer in the last ranking',
    ],
    [
      [found('no clear suspect', 'web'), found('likely', 'mysql', 'web')],
      'The suspect ranking named mysql first (likely) 1 min after the opening',
    ],
    [
      [found('possible', 'web', 'mysql')],
      'The suspect ranking had mysql in place 2, and never first with any certainty',
    ],
    [[found('likely', 'web')], 'The suspect ranking never named mysql'],
  ])('states whether the rankings were right, and when', (rankings, sentence) => {
    expect(sentenceOfAll(...rankings)).toBe(sentence)
  })
})
