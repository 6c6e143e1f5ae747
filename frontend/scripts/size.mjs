/** Weigh what a browser needs for the first render; exits with 1 when the JavaScript is over its budget. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '../../static/dist');
const BUDGET_BYTES = 60 * 1024;

const page = readFileSync(join(DIST, 'index.html'), 'utf8');
const scripts = new Set([...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path));
let total = 0;
for (const path of scripts) {
  const bytes = gzipSync(readFileSync(join(DIST, path)), { level: 9 }).length;
  total += bytes;
  console.log(`${path}  ${bytes} bytes compressed`);
}
console.log(`first render  ${total} of ${BUDGET_BYTES} bytes`);
process.exitCode = scripts.size > 0 && total <= BUDGET_BYTES ? 0 : 1;
