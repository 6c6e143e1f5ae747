/** News from the kiosk over a WebSocket: nudges to look again, never the truth itself. */

export interface News {
  kind: string;
}

const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 30_000;

let socket: WebSocket | null = null;
let retryMs = RETRY_MIN_MS;
let notBefore = 0;

/**
 * Listen while the kiosk answers; call it at each heartbeat, it keeps one socket. `onLost` hears at once when an open
 * socket breaks, which is the first sign of a link that does.
 */
export function listen(onNews: (news: News) => void, onLost: () => void): void {
  if (socket || Date.now() < notBefore) return;
  const opening = new WebSocket(new URL('/ws/shop/', location.href.replace(/^http/, 'ws')));
  socket = opening;
  let wasOpen = false;
  opening.addEventListener('open', () => {
    wasOpen = true;
    retryMs = RETRY_MIN_MS;
  });
  opening.addEventListener('message', (event: MessageEvent<unknown>) => {
    const news = parse(event.data);
    if (news) onNews(news);
  });
  opening.addEventListener('close', () => {
    socket = null;
    notBefore = Date.now() + retryMs * (0.5 + Math.random()); // jitter: all screens of a shop lose it together
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
    if (wasOpen) onLost();
  });
}

/** The kiosk went silent: a half-open socket would stay open and hear nothing. */
export function hangUp(): void {
  socket?.close();
}

function parse(data: unknown): News | null {
  try {
    const news: unknown = JSON.parse(String(data));
    return typeof (news as News | null)?.kind === 'string' ? (news as News) : null;
  } catch {
    return null;
  }
}
