/**
 * The worker and its builds. A new build is fetched and checked in the background; it takes over only when no page of
 * this browser has a basket or an order under way, and nobody is at the screen.
 */
import { effect } from '@preact/signals';
import { BASKET_LOCK } from '../db/locks';
import * as basket from './basket';
import { paying } from './checkout';
import { setStage, stages } from './hydration';
import { quietly } from './quietly';
import { isNobodyHere } from './session';
import { registration, workers } from './worker';

const LOOK_EVERY_MS = 15 * 60_000;
const TRY_EVERY_MS = 5000;

let isOutdated = false; // another build serves than the one that this page runs
let wasQuiet = false; // at the last look: a page that loads again lets go of its basket for a moment, and is no end of it

/** What the worker says while it fetches a build. */
interface ShellNews {
  shell: { doneBytes: number; totalBytes: number };
}

/** Register the worker and look for new builds now and then. */
export async function startShell(): Promise<void> {
  const container = workers();
  if (!container) {
    setStage('shell', { state: 'failed' });
    return;
  }
  container.addEventListener('message', takeNews);
  reloadOnTakeover(container);
  await registerWorker();
  setInterval(() => {
    quietly(offerTakeover());
  }, TRY_EVERY_MS);
  setInterval(() => {
    quietly(lookForBuild());
  }, LOOK_EVERY_MS);
}

/** Register the worker and wait until it serves; again after the browser has thrown it away. */
export async function registerWorker(): Promise<void> {
  setStage('shell', { state: 'loading' });
  const container = workers();
  const registered = await container?.register('/sw.js', { updateViaCache: 'none' }).catch(() => null);
  if (!container || !registered) {
    setStage('shell', { state: 'failed' });
    return;
  }
  const served = await Promise.race([container.ready, fallsThrough(registered)]);
  setStage('shell', { state: served ? 'done' : 'failed' });
  served?.active?.postMessage('how-far');
}

/** Resolves when the first worker of this browser could not fetch all of its build: no worker will serve then. */
function fallsThrough(registered: ServiceWorkerRegistration): Promise<null> {
  return new Promise((resolve) => {
    const first = registered.installing;
    if (!first && !registered.waiting && !registered.active) resolve(null);
    first?.addEventListener('statechange', () => {
      if (first.state === 'redundant' && !registered.active) resolve(null);
    });
  });
}

/** Try again what failed while the kiosk was away; call it at each heartbeat. */
export async function ensureWorker(): Promise<void> {
  const shell = stages.peek().find((stage) => stage.name === 'shell');
  if (shell?.state === 'failed' && workers()) await registerWorker();
}

async function lookForBuild(): Promise<void> {
  await (await registration())?.update().catch(() => undefined); // no kiosk, no news
}

function takeNews(event: MessageEvent<unknown>): void {
  const news = event.data as Partial<ShellNews> | null;
  if (news?.shell) setStage('shell', news.shell);
}

/** Let a waiting build in when it disturbs nobody, and load the page again once one is in. */
async function offerTakeover(): Promise<void> {
  if (isOutdated) reloadIfIdle();
  const waiting = (await registration())?.waiting;
  const isQuiet = waiting ? await isNobodyBusy() : false;
  if (isQuiet && wasQuiet) waiting?.postMessage('skip-waiting');
  wasQuiet = isQuiet;
}

async function isNobodyBusy(): Promise<boolean> {
  if (!isNobodyHere() || paying.peek()) return false;
  const { held = [] } = await navigator.locks.query();
  return !held.some((lock) => lock.name === BASKET_LOCK);
}

function reloadOnTakeover(container: ServiceWorkerContainer): void {
  // The very first worker takes charge of a page that it did not serve; that is no change of build.
  let hadOne = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    isOutdated = hadOne;
    hadOne = true;
    if (isOutdated) reloadIfIdle();
  });
}

function reloadIfIdle(): void {
  if (isNobodyHere() && !paying.peek()) location.reload();
}

/**
 * Hold the basket lock as long as this page has something to lose, so that other tabs can see it. The first thing that
 * a page does: a disk may take its time to say what it sells.
 */
export function holdWhileBusy(): void {
  let release: (() => void) | null = null;
  effect(() => {
    const isBusy = basket.count.value > 0 || basket.isComing.value || paying.value;
    if (isBusy && !release) {
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      quietly(navigator.locks.request(BASKET_LOCK, { mode: 'shared' }, () => held));
    } else if (!isBusy) {
      release?.();
      release = null;
    }
  });
}
