/** Why a question to Prometheus has no answer; the message is one plain sentence for the responder. */
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
 * - `timeout`: no answer within our limit, or the query ran into Prometheus's own;
 * - `cancelled`: whoever asked has given up, which says nothing about Prometheus;
 * - `credentials`: 401 or 403;
 * - `query`: the query is wrong or asks for too much, and will be next time;
 * - `server`: Prometheus or a proxy before it failed;
 * - `unreadable`: an answer that is not Prometheus's;
 * - `too_large`: more bytes than we are willing to read.
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
