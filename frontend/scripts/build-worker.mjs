/**
 * Build the service worker after the shell: it carries the list of the shell's files with their hashes, so that an
 * update is all or nothing, and a hash of everything as the name of the build.
 */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const DIST = join(import.meta.dirname, '../../static/dist');
// Shoppers of other scripts are served by the browser's own fonts: these files would only delay the first install.
const NOT_NEEDED = /(cyrillic|greek|vietnamese)[^/]*\.woff2$|\.woff$|\.map$|^\/sw\.js$/;
const SERVED = /^\/(index\.html|assets\/[\w./-]+|[\w-]+\.(webmanifest|svg|png|ico|woff2|json))$/; // what the kiosk serves

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const paths = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `/${relative(DIST, join(entry.parentPath, entry.name)).split(sep).join('/')}`)
  .filter((path) => SERVED.test(path) && !NOT_NEEDED.test(path))
  .sort();

const precache = paths.map((path) => {
  const bytes = readFileSync(join(DIST, path));
  return [path === '/index.html' ? '/' : path, sha256(bytes), bytes.length];
});

const options = {
  entryPoints: [join(import.meta.dirname, '../src/sw/index.ts')],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
};
const define = (name) => ({ __PRECACHE__: JSON.stringify(precache), __BUILD__: JSON.stringify(name) });

// The name covers the worker's own code too: two workers never share a cache of files.
const draft = await build({ ...options, define: define(''), write: false });
const name = sha256(draft.outputFiles[0].contents).slice(0, 12);
await build({ ...options, define: define(name), outfile: join(DIST, 'sw.js') });
