/**
 * Filling an empty browser in stages, the most useful first: shell, core shelf, top-k vectors, tokens, pictures, rest.
 *
 * Each piece is checked by its hash and swapped in whole, so what is on show is always one version or the one before.
 * A stage that fails does not hold up the next, and is tried again at a later heartbeat.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import type { CoreSeed, PicturesSeed, SeedItem, Seeds, TextsSeed } from '../api/types';
import { alone, HYDRATION_LOCK } from '../db/locks';
import { download, SPOILT } from '../db/download';
import { getMeta, setMeta } from '../db/meta';
import { dropParts, keepParts } from '../db/partials';
import { readCore, readTables, readTexts, writeCore, writeTable, writeTexts } from '../db/shelf';
import { parseTable } from '../shared/rank';
import { fetchPictures } from './pictures';
import { topUp } from './seats';
import { paintShelf, setShelfLoading } from './shelf';
import { readQuota, withRoom } from './storage';
import { loadTables } from './suggest';
import type { Stage, StageName } from './types';

export type { Stage };

type Name = StageName;

const ORDER: readonly Name[] = ['shell', 'core', 'vectors', 'tokens', 'pictures', 'rest'];
const blank = (name: Name): Stage => ({ name, state: 'waiting', doneBytes: 0, totalBytes: 0 });

const _stages = signal<readonly Stage[]>(ORDER.map(blank));

export const stages: ReadonlySignal<readonly Stage[]> = _stages;

let running: Promise<boolean> | null = null;

/** Fetch what is new; answers whether everything is here now. Calls at the same time share one run. */
export function hydrate(): Promise<boolean> {
  running ??= alone(HYDRATION_LOCK, run).finally(() => {
    running = null;
    setShelfLoading(false);
  });
  return running;
}

/** Bring in the newest shelf alone, also while a long stage of a hydration is under way. Raises: ApiError. */
export async function freshShelf(): Promise<void> {
  await bring('core', await manifest());
}

/** Say how far a stage is; for the parts that run elsewhere, as the shell does in the worker. */
export function setStage(name: Name, change: Partial<Stage>): void {
  _stages.value = _stages.peek().map((stage) => (stage.name === name ? { ...stage, ...change } : stage));
}

async function run(): Promise<boolean> {
  setShelfLoading(true);
  const seeds = await manifest();
  await keepParts('seeds', new Set(seeds.stages.flatMap((stage) => stage.items.map((item) => item.sha256))));
  const outcomes: boolean[] = [];
  outcomes.push(await stage('core', () => bring('core', seeds)));
  setShelfLoading(false);
  outcomes.push(await stage('vectors', () => bring('vectors', seeds)));
  outcomes.push(await stage('tokens', topUp));
  outcomes.push(await stage('pictures', () => bring('pictures', seeds)));
  outcomes.push(await stage('rest', () => bring('rest', seeds)));
  return outcomes.every(Boolean);
}

async function manifest(): Promise<Seeds> {
  return api.seeds((await readQuota()).freeBytes);
}

async function stage(name: Name, work: () => Promise<void>): Promise<boolean> {
  setStage(name, { state: 'loading' });
  try {
    await work();
    setStage(name, { state: 'done', isSpoilt: false });
    return true;
  } catch (error) {
    const isSpoilt = error instanceof ApiError && error.code === SPOILT;
    setStage(name, { state: 'failed', isSpoilt }); // whatever it was, the next stage may work; this one is tried again
    return false;
  }
}

async function bring(name: 'core' | 'vectors' | 'pictures' | 'rest', seeds: Seeds): Promise<void> {
  const items = seeds.stages.find((candidate) => candidate.name === name)?.items ?? [];
  const totalBytes = items.reduce((sum, item) => sum + item.size_bytes, 0);
  let before = 0;
  setStage(name, { doneBytes: 0, totalBytes });
  for (const item of items) {
    await install(name, item, (bytes) => {
      setStage(name, { doneBytes: before + bytes });
    });
    before += item.size_bytes;
    if (item.kind !== 'pictures') setStage(name, { doneBytes: before });
  }
}

async function install(name: Name, item: SeedItem, onBytes: (bytes: number) => void): Promise<void> {
  switch (item.kind) {
    case 'core':
      if ((await readCore())?.sha256 !== item.sha256) await swap(item, onBytes, keepCore);
      await paintShelf();
      return;
    case 'table': {
      const place = name === 'rest' ? 'full' : 'top';
      const stored = (await readTables()).find((row) => row.name === place);
      if (stored?.sha256 !== item.sha256) await swap(item, onBytes, (bytes) => keepTable(place, item.sha256, bytes));
      await loadTables();
      return;
    }
    case 'texts':
      if ((await readTexts())?.sha256 !== item.sha256) await swap(item, onBytes, keepTexts);
      return;
    case 'pictures':
      await bringPictures(item, onBytes);
  }
}

/** Download, store whole, and only then let go of the download's parts. */
async function swap(
  item: SeedItem,
  onBytes: (bytes: number) => void,
  keep: (bytes: ArrayBuffer, sha256: string) => Promise<void>,
): Promise<void> {
  const bytes = await download('seeds', item, onBytes);
  await withRoom(() => keep(bytes, item.sha256));
  await dropParts('seeds', item.sha256);
}

async function keepCore(bytes: ArrayBuffer, sha256: string): Promise<void> {
  await writeCore(sha256, parse(bytes) as CoreSeed);
}

async function keepTexts(bytes: ArrayBuffer, sha256: string): Promise<void> {
  await writeTexts(sha256, parse(bytes) as TextsSeed);
}

async function keepTable(name: 'top' | 'full', sha256: string, bytes: ArrayBuffer): Promise<void> {
  parseTable(bytes); // a table that cannot be read never replaces one that can
  await writeTable({ name, sha256, bytes });
}

async function bringPictures(item: SeedItem, onBytes: (bytes: number) => void): Promise<void> {
  const list = await pictureList(item, onBytes);
  await fetchPictures(list.pictures, (doneBytes, totalBytes) => {
    setStage('pictures', { doneBytes: item.size_bytes + doneBytes, totalBytes: item.size_bytes + totalBytes });
  });
}

async function pictureList(item: SeedItem, onBytes: (bytes: number) => void): Promise<PicturesSeed> {
  const stored = await getMeta('pictures');
  if (stored?.sha256 === item.sha256) return stored.list;
  await swap(item, onBytes, (bytes, sha256) => setMeta('pictures', { sha256, list: parse(bytes) as PicturesSeed }));
  return (await getMeta('pictures'))?.list ?? { pictures: [] };
}

function parse(bytes: ArrayBuffer): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
