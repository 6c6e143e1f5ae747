/** The seeds that can be fetched again: the shelf, recommendation tables and texts. */
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
