/** How far a request got: the caller decides by `kind`, and by `code` when the kiosk itself said no. */

export type FailureKind =
  | 'unreachable' // no connection, or it broke
  | 'timeout' // no answer in time; it may have arrived all the same
  | 'refused' // our kiosk understood and said no: see code
  | 'broken' // 5xx, or a proxy's answer: nobody decided anything
  | 'malformed'; // an answer that is not ours, as captive portals give

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly kind: FailureKind,
    readonly code: string,
    readonly status = 0,
    readonly fields: Record<string, unknown> = {},
    /** What the kiosk says to do next. */
    readonly retry: 'never' | 'later' | 'after_sync' | 'ask_staff' = 'later',
  ) {
    super(`${kind}: ${code}`);
  }

  /** True when the kiosk was not reached, so that trying the next request at once is idle. */
  get isSilence(): boolean {
    return this.kind === 'unreachable' || this.kind === 'timeout' || this.kind === 'malformed';
  }

  /** True when the kiosk decided against it, rather than put it off. */
  get isFinal(): boolean {
    return this.kind === 'refused' && (this.retry === 'never' || this.retry === 'ask_staff' || this.status === 409);
  }
}
