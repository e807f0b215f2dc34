import { InvalidArgumentError } from 'commander'

/** A day in UTC, epoch ms. @throws InvalidArgumentError for an invalid one. */
export function day(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text))
    throw new InvalidArgumentError('expected a day like 2026-01-31')
  return at
}

/** @throws InvalidArgumentError unless it is one. */
export function port(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError('expected a port number')
  return number
}
