import { expect, test } from 'vitest'
import { formatValue } from '../../src/incident/unit.ts'

test.each([
  [9.28, 's', '9.28 s'],
  [0.0214, 's', '21.4 ms'],
  [263, 's', '4.38 min'],
  [4500, 'ms', '4.5 s'],
  [172_800, 'seconds', '2 d'],
  [0, 's', '0 s'],
  [Number.NaN, 's', 'no value'],
  [Number.POSITIVE_INFINITY, 's', '\u221e'],
  [Number.NEGATIVE_INFINITY, 'bytes', '-\u221e'],
  [18.26, '%', '18.3%'],
  [0.182, 'ratio', '18.2%'],
  [0.182, 'percentunit', '18.2%'],
  [1.5 * 2 ** 30, 'bytes', '1.5 GiB'],
  [3_000_000, 'bytes/s', '2.86 MiB/s'],
  [320, 'req/s', '320 req/s'],
  [123_456, 'req/s', '123k req/s'],
  [0, 'req/s', '0 req/s'],
  [-4.2, 's', '-4.2 s'],
  [1e300, '', '1e300'],
  [0.00001, '', '1e-5'],
  [2500, '', '2.5k'],
  [42, '', '42'],
])('%d in %s reads %s', (value, unit, text) => expect(formatValue(value, unit)).toBe(text))
