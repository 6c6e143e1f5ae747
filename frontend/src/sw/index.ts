/** The service worker: its events, each handed to the file that knows. */
import { reconcilePictures } from '../db/pictures';
import { handOver } from './drain';
import { installShell, shellProgress, tidyShells } from './precache';
import { openNotice, showNotice } from './push';
import { answer } from './strategies';

declare const self: ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

self.addEventListener('install', (event) => {
  event.waitUntil(installShell(tellProgress));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([tidyShells(), reconcilePictures(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const response = answer(event.request, Date.now());
  if (response) event.respondWith(response);
});

self.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') event.waitUntil(self.skipWaiting());
  if (event.data === 'how-far') event.waitUntil(shellProgress().then((shell) => event.source?.postMessage({ shell })));
});

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === 'outbox') sync.waitUntil(handOver());
});

self.addEventListener('push', (event) => {
  event.waitUntil(Promise.all([showNotice(event.data), tellPages('orders-changed')]));
});

self.addEventListener('notificationclick', (event) => {
  event.waitUntil(openNotice(event.notification));
});

function tellProgress(doneBytes: number, totalBytes: number): void {
  void tellPages({ shell: { doneBytes, totalBytes } });
}

async function tellPages(message: unknown): Promise<void> {
  for (const page of await self.clients.matchAll({ type: 'window', includeUncontrolled: true }))
    page.postMessage(message);
}
