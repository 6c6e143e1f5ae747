/** The two strings of lanterns, and what travels along them. */

const SVG = 'http://www.w3.org/2000/svg';
const STRINGS = {
  // whole: hung from post to post; ends: the two halves when it is cut, each hanging from its post
  front: { from: [322, 246], sag: [440, 372], to: [560, 200], ends: ['M322 246c26 40 34 92 32 150', 'M560 200c-30 50-42 104-38 168'] },
  back: { from: [880, 200], sag: [1000, 330], to: [1112, 238], ends: ['M880 200c30 50 44 108 38 172', 'M1112 238c-22 38-32 82-30 134'] },
};
const LAMPS = 7;
const TRAVEL_MS = { up: 900, slow4g: 2000, lossy: 2600, down: 900 };
const reduced = matchMedia('(prefers-reduced-motion: reduce)');

export function hangWires(group) {
  return Object.fromEntries(Object.entries(STRINGS).map(([name, shape]) => [name, hang(group, name, shape)]));
}

function hang(group, name, { from, sag, to, ends }) {
  const string = make('g', { class: 'string', 'data-mode': 'up', id: `string-${name}` }, group);
  const whole = make('path', { class: 'wire wire-whole', d: `M${from} Q${sag} ${to}` }, string);
  ends.forEach((d) => make('path', { class: 'wire wire-end', d }, string));
  const halves = [...string.querySelectorAll('.wire-end')];
  for (let i = 0; i < LAMPS; i += 1) hangLamp(string, whole, halves, i);
  return { string, whole };
}

/** Each lamp knows two places: on the whole string, and on the half it falls with. */
function hangLamp(string, whole, halves, i) {
  const t = (i + 0.7) / (LAMPS + 0.4);
  const on = at(whole, t);
  const left = i < LAMPS / 2;
  const place = left ? (i + 0.9) / 4.2 : (LAMPS - i - 0.1) / 4.2;
  const off = at(halves[left ? 0 : 1], place);
  const lamp = make('g', { class: 'lamp', style: `--i:${i}` }, string);
  make('circle', { class: 'lamp-halo', cx: 0, cy: 17, r: 40, fill: 'url(#glow)' }, lamp);
  make('path', { d: 'M-5 2h10v5H-5z', fill: 'var(--lamp-cap)' }, lamp);
  make('path', { class: 'lamp-body', d: 'M-7 7h14c5 7 5 14 0 21H-7c-5-7-5-14 0-21z' }, lamp);
  make('path', { d: 'M-5 28h10v3H-5z', fill: 'var(--lamp-cap)' }, lamp);
  lamp.dataset.on = `translate(${on.x.toFixed(1)}px, ${on.y.toFixed(1)}px)`;
  lamp.dataset.off = `translate(${off.x.toFixed(1)}px, ${off.y.toFixed(1)}px)`;
  lamp.style.transform = lamp.dataset.on;
}

export function setMode({ string }, mode) {
  if (string.dataset.mode === mode) return;
  string.dataset.mode = mode;
  for (const lamp of string.querySelectorAll('.lamp')) {
    lamp.style.transform = mode === 'down' ? lamp.dataset.off : lamp.dataset.on;
  }
}

/** Send `count` slips along a wire, one after the other; at most a handful, so that a burst stays a picture. */
export function travel(group, { string, whole }, count) {
  if (reduced.matches) return;
  const took = TRAVEL_MS[string.dataset.mode];
  for (let i = 0; i < Math.min(count, 8); i += 1) setTimeout(() => ride(group, whole, took), i * 170);
}

function ride(group, whole, took) {
  const slip = make('use', { href: '#slip', width: 52, height: 35 }, group);
  const started = performance.now();
  const step = (now) => {
    const t = Math.min(1, (now - started) / took);
    const { x, y } = at(whole, ease(t));
    slip.setAttribute('transform', `translate(${x - 26} ${y - 37}) rotate(${Math.sin(t * 9) * 5} 26 17)`);
    if (t < 1) requestAnimationFrame(step);
    else slip.remove();
  };
  requestAnimationFrame(step);
}

const ease = (t) => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);
const at = (path, t) => path.getPointAtLength(path.getTotalLength() * Math.min(1, Math.max(0, t)));

export function make(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}
