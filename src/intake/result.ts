/** The result of ingesting a signal. */
export type IntakeResult =
  | 'declared'
  | 'held'
  | 'joined'
  | 'resolved'
  | 'recorded'
  | 'merged'
  | 'repeated'
  | 'noted'
  | 'ignored'
