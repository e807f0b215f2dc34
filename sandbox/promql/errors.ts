/** What Prometheus answers for a query it cannot take (`bad_data`, 400) or cannot finish (`execution`, 422). */
export class PromqlError extends Error {
  override name = 'PromqlError'
  readonly type: 'bad_data' | 'execution'

  constructor(type: PromqlError['type'], message: string) {
    super(message)
    this.type = type
  }
}

/** The query is wrong, or uses a part of PromQL that the stand-in does not know. */
export const badData = (message: string) => new PromqlError('bad_data', message)
