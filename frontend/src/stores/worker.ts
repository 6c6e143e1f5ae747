/** The worker's container; undefined where the browser has none, as on a plain-HTTP address. */
export function workers(): ServiceWorkerContainer | undefined {
  return (navigator as Partial<Pick<Navigator, 'serviceWorker'>>).serviceWorker;
}

export async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return workers()?.getRegistration();
}
