/** Background Sync: the outbox is handed over although no page may be open. */
import { drain, learnStandings } from '../db/drain';
import { getMeta } from '../db/meta';

/** Raises: Error while something is left, which asks the browser to try again later. */
export async function handOver(): Promise<void> {
  const outcome = await drain(Math.floor(Date.now() / 1000 + ((await getMeta('clockOffsetS')) ?? 0)));
  if (outcome && outcome.left > 0) throw new Error(`${outcome.left} orders still wait for the kiosk.`);
  await learnStandings();
}
