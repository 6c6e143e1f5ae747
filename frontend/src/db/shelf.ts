/** The seeds that can be fetched again: the shelf, recommendation tables, texts, and downloads that are under way. */
import type { CoreSeed, TextsSeed } from '../api/types';
import { database, type CoreRow, type TableRow, type TextsRow } from './schema';

const CORE = 'core';

export async function readCore(): Promise<CoreRow | undefined> {
  return (await database()).get('shelf', CORE);
}

export async function writeCore(sha256: string, core: CoreSeed): Promise<void> {
  await (await database()).put('shelf', { sha256, core }, CORE);
}

/** The fuller table first. */
export async function readTables(): Promise<TableRow[]> {
  return (await (await database()).getAll('tables')).sort((a, b) => a.name.localeCompare(b.name));
}

export async function writeTable(row: TableRow): Promise<void> {
  await (await database()).put('tables', row);
}

export async function readTexts(): Promise<TextsRow | undefined> {
  return (await database()).get('texts', 'all');
}

export async function writeTexts(sha256: string, texts: TextsSeed): Promise<void> {
  await (await database()).put('texts', { name: 'all', sha256, texts });
}

/** The bytes that an interrupted download left. */
export async function readPartial(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const row = await (await database()).get('partials', sha256);
  return new Uint8Array(row?.bytes ?? new ArrayBuffer(0));
}

export async function writePartial(sha256: string, bytes: ArrayBuffer): Promise<void> {
  await (await database()).put('partials', { sha256, bytes });
}

export async function dropPartial(sha256: string): Promise<void> {
  await (await database()).delete('partials', sha256);
}

/** Forget downloads of things that are no longer offered. */
export async function keepPartials(offered: ReadonlySet<string>): Promise<void> {
  const tx = (await database()).transaction('partials', 'readwrite');
  const keys = await tx.store.getAllKeys();
  await Promise.all([...keys.filter((key) => !offered.has(key)).map((key) => tx.store.delete(key)), tx.done]);
}
