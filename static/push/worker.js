// Shows the staff's notices and leads to the review queue. It serves no pages: its scope is this folder only.
'use strict';

self.addEventListener('push', (event) => {
  event.waitUntil(show(event.data));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function show(data) {
  const { title = 'EdgeShop', body = '', url = '/admin/' } = read(data);
  await self.registration.showNotification(title, { body, tag: body || url, data: url });
}

// A push must show something, or the browser shows a text of its own.
function read(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
}

async function open(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === url.pathname);
  await (there ? there.focus() : self.clients.openWindow(url.href));
}
