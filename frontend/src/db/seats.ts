/** Seats: keys of this browser with the kiosk's delegation. There is one in use; a replaced one stays to sign with. */
import { database, type SeatRow } from './schema';

/** The seat in use, which is the newest. */
export async function readSeat(): Promise<SeatRow | undefined> {
  return (await (await database()).getAll('seats')).sort((a, b) => b.createdAt - a.createdAt)[0];
}

/** The seat whose key may sign on a token. */
export async function seatOfKey(jkt: string): Promise<SeatRow | undefined> {
  return (await database()).get('seats', jkt);
}

export async function writeSeat(row: SeatRow): Promise<void> {
  const tx = (await database()).transaction('seats', 'readwrite', { durability: 'strict' });
  await Promise.all([tx.store.put(row), tx.done]);
}
