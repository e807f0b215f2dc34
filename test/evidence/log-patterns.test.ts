import { expect, test } from 'vitest'
import { levelOf, minePatterns, worstFirst } from '../../src/evidence/log-patterns.ts'

const lines = (...texts: string[]) => texts.map((text, i) => ({ at: i * 1000, text }))

test('lines that differ in numbers, ids and names form one pattern, with its count, first and last', () => {
  const found = minePatterns(
    lines(
      'level=error order 17 of customer ada failed after 120 ms',
      'level=info GET /orders 200',
      'level=error order 4711 of customer bob failed after 9 ms',
      'level=error order 3f2504e0-4f89-41d3-9a0c-0305e82c3301 of customer eve failed after 88 ms',
    ),
  )
  expect(found).toHaveLength(2)
  expect(found[0]).toMatchObject({
    text: 'level=error order <*> of customer <*> failed after <*> ms',
    count: 3,
    first: 0,
    last: 3000,
    level: 'error',
  })
})

test('lines that share only a prefix are different patterns', () => {
  const found = minePatterns(lines('connection to mysql refused', 'connection pool is now empty'))
  expect(found.map(({ count }) => count)).toEqual([1, 1])
})

test('memory stays bounded with a hundred thousand different lines', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => ({
    at: i,
    text: `${String.fromCharCode(97 + (i % 26))}${'x'.repeat(i % 50)} y${'z'.repeat(i % 70)}`,
  }))
  const found = minePatterns(many)
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(many.length)
})

test.each([
  ['level=error msg="x"', 'error'],
  ['{"level":"warn","msg":"slow"}', 'warning'],
  ['2026-11-21 ERROR could not', 'error'],
  ['fatal error: out of memory', 'fatal'],
  ['java.sql.SQLTransientConnectionException: request timed out', 'error'],
  ['level=warn slow query: SELECT ... (sequential scan)', 'warning'],
  ['GET /orders 200', 'info'],
] as const)('%s is written at the level %s', (text, level) => {
  expect(levelOf(text)).toBe(level)
})

test('sorts by level, with new patterns ahead of those that were always there', () => {
  const patterns = minePatterns(
    lines('error: cannot send mail', 'error: cannot send mail', 'warning: slow query took 11 s', 'all is well'),
  )
  const known = new Set(['error: cannot send mail'])
  expect(worstFirst(patterns, known).map(({ example, isNew }) => [example, isNew])).toEqual([
    ['warning: slow query took 11 s', true],
    ['error: cannot send mail', false],
    ['all is well', true],
  ])
})
