/** What the build script knows and writes into the worker. */

/** One file of this build: its address, the SHA-256 of its bytes in hex, its size. */
export type Precached = readonly [url: string, sha256: string, sizeBytes: number];

declare const __PRECACHE__: readonly Precached[];
declare const __BUILD__: string;

export const PRECACHE: readonly Precached[] = __PRECACHE__;
export const BUILD: string = __BUILD__;
