/** Web Locks as browsers have them, shared by all tabs of a test; `crash` lets go of everything, as a dead browser does. */

interface Waiting {
  mode: LockMode;
  grant: () => void;
}

interface Named {
  held: Set<{ mode: LockMode }>;
  queue: Waiting[];
}

export class WebLocks {
  private locks = new Map<string, Named>();

  async request(name: string, ...rest: unknown[]): Promise<unknown> {
    const callback = rest.at(-1) as (lock: object | null) => unknown;
    const { mode = 'exclusive', ifAvailable = false } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
    const named = this.locks.get(name) ?? { held: new Set(), queue: [] };
    this.locks.set(name, named);
    if (!isFree(named, mode)) {
      if (ifAvailable) return callback(null);
      await new Promise<void>((grant) => named.queue.push({ mode, grant }));
    }
    const hold = { mode };
    named.held.add(hold);
    try {
      return await callback({ name, mode });
    } finally {
      named.held.delete(hold);
      this.next(named);
    }
  }

  query(): Promise<{ held: { name: string }[] }> {
    const held = [...this.locks].flatMap(([name, named]) => [...named.held].map(() => ({ name })));
    return Promise.resolve({ held });
  }

  get isIdle(): boolean {
    return [...this.locks.values()].every((named) => named.held.size === 0);
  }

  crash(): void {
    this.locks = new Map();
  }

  private next(named: Named): void {
    const [first] = named.queue;
    if (!first || !isFree({ ...named, queue: [] }, first.mode)) return;
    named.queue.shift();
    first.grant();
  }
}

function isFree({ held, queue }: Named, mode: LockMode): boolean {
  if (queue.length > 0) return false;
  return mode === 'shared' ? [...held].every((lock) => lock.mode === 'shared') : held.size === 0;
}
