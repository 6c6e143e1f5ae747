/** The Cache API, as far as our code uses it. */

class MemoryCache {
  private entries = new Map<string, Response>();

  match(key: RequestInfo | URL): Promise<Response | undefined> {
    return Promise.resolve(this.entries.get(address(key))?.clone());
  }

  put(key: RequestInfo | URL, response: Response): Promise<void> {
    this.entries.set(address(key), response);
    return Promise.resolve();
  }

  delete(key: RequestInfo | URL): Promise<boolean> {
    return Promise.resolve(this.entries.delete(address(key)));
  }

  keys(): Promise<Request[]> {
    return Promise.resolve([...this.entries.keys()].map((url) => new Request(url)));
  }
}

export class MemoryCaches {
  private named = new Map<string, MemoryCache>();

  open(name: string): Promise<MemoryCache> {
    const cache = this.named.get(name) ?? new MemoryCache();
    this.named.set(name, cache);
    return Promise.resolve(cache);
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.named.delete(name));
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.named.keys()]);
  }
}

function address(key: RequestInfo | URL): string {
  return new URL(key instanceof Request ? key.url : key, location.origin).href;
}
