/** The panel: asks the supervisor for the state, draws it, and passes on what the visitor switches. */

import { Pile } from '/stacks.js';
import { hangWires, make, setMode, travel } from '/wires.js';
import * as words from '/words.js';

const EVERY_MS = 700;
const $ = (id) => document.getElementById(id);
const wires = hangWires($('wires'));
const piles = {
  browser: new Pile($('pile-browser'), { x: 316, y: 508, tagAt: 86 }),
  kiosk: new Pile($('pile-kiosk'), { x: 652, y: 412, most: 6, tagAt: -34 }),
  cloud: new Pile($('pile-cloud'), { x: 1296, y: 362, most: 7 }),
};
let before = null;

drawScene();
for (const link of document.querySelectorAll('.link')) offerModes(link);
$('plug').addEventListener('click', () => post('/power', { on: $('plug').getAttribute('aria-pressed') === 'true' }));
void keepAsking();

async function keepAsking() {
  for (;;) {
    if (!document.hidden || before === null) await ask('/state');
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

async function ask(path, options) {
  try {
    const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(15_000) });
    if (answer.ok) draw(await answer.json());
  } catch {
    say('The demo has stopped.', 'Start it again with make demo.');
  }
}

async function post(path, body) {
  $('plug').disabled = path === '/power';
  await ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  $('plug').disabled = false;
}

function draw(state) {
  const { links, browser, kiosk, cloud, urls } = state;
  const settled = cloud.settled ?? 0;
  if (before) move(state, settled);
  before = { handed: browser.handed_over, settled };
  document.documentElement.dataset.power = kiosk.power;
  document.documentElement.dataset.cloud = cloud.is_up ? 'here' : 'away';
  for (const [name, mode] of Object.entries(links)) showMode(name, mode);
  showCounts(browser.unsent, kiosk.count ?? 0, settled);
  say(...words.headline(state));
  put('screens', words.screens(browser.screens));
  put('oldest', words.oldest(kiosk));
  put('review', words.review(cloud.review));
  showPlug(kiosk.power);
  $('shop').href = `${urls.shop}/`;
  $('admin').href = urls.admin;
}

function move({ browser }, settled) {
  travel($('travellers'), wires.front, browser.handed_over - before.handed);
  travel($('travellers'), wires.back, settled - before.settled);
}

function showCounts(browser, kiosk, settled) {
  Object.entries({ browser, kiosk, cloud: settled }).forEach(([tier, count]) => {
    put(`count-${tier}`, count.toLocaleString('en'));
    piles[tier].show(count);
  });
}

function showMode(name, mode) {
  setMode(wires[name], mode);
  const choice = document.querySelector(`[data-link='${name}'] [value='${mode}']`);
  if (choice) choice.checked = true;
}

function showPlug(power) {
  const pulled = power === 'off';
  $('plug').setAttribute('aria-pressed', String(pulled));
  put('plug', pulled ? 'Plug it back in' : 'Pull the plug');
}

function say(headline, detail) {
  put('headline', headline);
  put('detail', detail);
}

/** Only touch what changed, so that nothing is announced twice. */
function put(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function offerModes(link) {
  const name = link.dataset.link;
  for (const [mode, label, icon] of words.MODES) {
    const choice = document.createElement('label');
    choice.innerHTML = `<input type="radio" name="${name}" value="${mode}"><svg viewBox="0 0 24 24" aria-hidden="true">${icon}</svg>${label}`;
    choice.querySelector('input').addEventListener('change', () => post(`/links/${name}`, { mode }));
    link.querySelector('.choices').append(choice);
  }
}

function drawScene() {
  for (let i = 0; i < 46; i += 1) {
    make('circle', { cx: (i * 397) % 1440, cy: 16 + ((i * 173) % 250), r: 0.8 + ((i * 7) % 10) / 8 }, $('stars'));
  }
  let scallops = '';
  for (let i = 0; i < 10; i += 1) {
    const top = 556 + i * 32.8;
    const foot = 530 + i * 38;
    const fill = i % 2 ? 'var(--awning-b)' : 'var(--awning-a)';
    make('path', { d: `M${top} 196h32.800L${foot + 38} 266H${foot}z`, fill }, $('stripes'));
    scallops = `M${foot} 264h38a19 19 0 0 1-38 0z`;
    const scallop = make('path', { d: scallops, fill }, $('stall'));
    $('scallops').before(scallop);
  }
  $('scallops').remove();
}
