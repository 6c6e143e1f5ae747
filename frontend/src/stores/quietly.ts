/** Background work whose failure is part of life: links break, and the next heartbeat tries again. */
import { ApiError } from '../api/errors';
import { OutboxRefusal } from '../db/outbox';

/** What a browser says of storage that it is just taking away; see onDatabaseLost for what follows from it. */
const TAKEN_AWAY = new Set(['AbortError', 'InvalidStateError', 'UnknownError']);

/** Start `work`, let expected failures pass, and report all others. */
export function quietly(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    const isTaken = error instanceof DOMException && TAKEN_AWAY.has(error.name);
    if (!isTaken && !(error instanceof ApiError) && !(error instanceof OutboxRefusal)) reportError(error);
  });
}
