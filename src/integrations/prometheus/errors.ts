/** Why a query to Prometheus failed; the message is one plain sentence for the responder. */
export class PrometheusError extends Error {
  override name = 'PrometheusError'
  readonly kind: PrometheusErrorKind

  constructor(kind: PrometheusErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/**
 * - `unreachable`: no connection, or it broke;
 * - `timeout`: no response within our limit, or the query hit Prometheus's own;
 * - `cancelled`: the caller aborted, which says nothing about Prometheus;
 * - `credentials`: 401 or 403;
 * - `query`: the query is invalid or too expensive, and will be next time;
 * - `server`: Prometheus or a proxy before it failed;
 * - `unreadable`: a response that is not Prometheus's;
 * - `too_large`: more bytes than our limit.
 */
export type PrometheusErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'credentials'
  | 'query'
  | 'server'
  | 'unreadable'
  | 'too_large'
