/** Opens the database, paints from it at once, then connects, hydrates and flushes; wires the stores to each other. */
import { effect } from '@preact/signals';
import type { Health } from '../api/types';
import { onDatabaseLost } from '../db/schema';
import { startBasket } from './basket';
import { resumePayments } from './checkout';
import { restoreClock } from './clock';
import { connection, onContact, probe, startHeartbeat } from './connection';
import { showState } from './hook';
import { freshShelf, hydrate } from './hydration';
import { startLanguage } from './language';
import { flush, learn, startOrders, tidySlips } from './orders';
import { outbox, refreshOutbox, startOutbox } from './outbox';
import { quietly } from './quietly';
import { hangUp, listen, type News } from './screen';
import { prepareSearch } from './search';
import { topUp } from './seats';
import { startSession } from './session';
import { book, paintShelf, products } from './shelf';
import { ensureWorker, holdWhileBusy, registerWorker, startShell } from './shell';
import { askToPersist } from './storage';
import { forgetModel, learnModel, loadTables } from './suggest';

const HYDRATE_EVERY_MS = 10 * 60_000; // availability moves even when no news of it came through
const SOON_MS = 60_000;
const RETRY_MIN_MS = 5000;
const RETRY_MAX_MS = 60_000;
const TOP_UP_EVERY_MS = 30_000;

let hydratedAt = 0;
let triedAt = 0;
let retryMs = RETRY_MIN_MS;
let toppedUpAt = 0;

/** Answers when the first paint from storage is possible; everything else goes on by itself. */
export async function start(): Promise<void> {
  holdWhileBusy();
  showState();
  startLanguage();
  await Promise.all([restoreClock(), paintShelf(), startOutbox(), loadTables()]);
  startBasket();
  startSession();
  effect(() => {
    if (products.value.size > 0) prepareSearch();
  });
  effect(() => {
    if (connection.value === 'screen_alone') hangUp();
  });
  onContact(takeContact);
  onDatabaseLost(fillAgain);
  quietly(resumePayments().then(startOrders));
  quietly(startHeartbeat({ book: () => book.peek(), unsent: () => unsentHere() }));
  quietly(startShell());
  quietly(askToPersist());
  quietly(tidySlips());
}

/** The kiosk answered: do what is due, each on its own. */
function takeContact(health: Health): void {
  listen(takeNews, () => {
    quietly(probe());
  });
  quietly(unsentHere() > 0 ? flush() : learn());
  if (book.peek() !== null && health.book !== book.peek()) quietly(freshShelf());
  if (isHydrationDue(health)) quietly(hydrateNow());
  else if (Date.now() - toppedUpAt > TOP_UP_EVERY_MS) quietly(topUpNow());
  quietly(learnModel());
  quietly(ensureWorker());
}

/** Somebody cleared this browser's data under the running page: what can be fetched is fetched again. */
function fillAgain(): void {
  hydratedAt = triedAt = toppedUpAt = 0;
  retryMs = RETRY_MIN_MS;
  quietly(refreshOutbox());
  quietly(registerWorker());
}

function takeNews(news: News): void {
  if (/^(orders?|facts)\./.test(news.kind)) quietly(learn());
  if (news.kind === 'link.changed') quietly(probe());
  if (news.kind === 'prices.changed' || news.kind === 'catalogue.changed') {
    forgetModel();
    quietly(freshShelf().then(hydrateNow));
  } else if (/^(stock|pictures)\./.test(news.kind)) {
    // Small and frequent: a minute's worth of them is fetched together.
    hydratedAt = Math.min(hydratedAt, Date.now() - HYDRATE_EVERY_MS + SOON_MS);
  }
}

/** Orders that the kiosk does not have yet. */
function unsentHere(): number {
  return outbox.peek().outbox.filter((row) => row.delivery === 'unsent').length;
}

function isHydrationDue(health: Health): boolean {
  const now = Date.now();
  if (now - triedAt < retryMs) return false;
  return now - hydratedAt > HYDRATE_EVERY_MS || health.book !== book.peek();
}

async function hydrateNow(): Promise<void> {
  triedAt = Date.now();
  retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
  const isComplete = await hydrate();
  triedAt = Date.now();
  if (!isComplete) return;
  hydratedAt = triedAt;
  retryMs = RETRY_MIN_MS;
}

async function topUpNow(): Promise<void> {
  toppedUpAt = Date.now();
  await topUp();
}
