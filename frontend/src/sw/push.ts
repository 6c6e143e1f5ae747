/** Notices from the kiosk: what they show, and where a touch on them leads. */

interface Notice {
  title: string;
  body: string;
  url: string;
}

declare const self: ServiceWorkerGlobalScope;

export async function showNotice(data: PushMessageData | null): Promise<void> {
  const { title, body, url } = read(data);
  await self.registration.showNotification(title, { body, tag: url, data: url });
}

/** Bring the shop to the front, at the notice's place. */
export async function openNotice(notification: Notification): Promise<void> {
  notification.close();
  const url = new URL(String(notification.data ?? '/'), location.origin);
  if (url.origin !== location.origin) return;
  const open = await self.clients.matchAll({ type: 'window' });
  const there = open.find((client) => new URL(client.url).pathname === url.pathname);
  if (there) await there.focus();
  else await self.clients.openWindow(url);
}

/** A push must show something, or the browser shows a text of its own. */
function read(data: PushMessageData | null): Notice {
  const said = parse(data);
  const text = (name: keyof Notice, otherwise: string): string => {
    const value = said[name];
    return typeof value === 'string' ? value : otherwise;
  };
  return { title: text('title', 'EdgeShop'), body: text('body', ''), url: text('url', '/') };
}

function parse(data: PushMessageData | null): Record<string, unknown> {
  try {
    const said: unknown = data?.json();
    return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
