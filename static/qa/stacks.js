/** Orders at rest: a small pile of slips where they wait, with a tag for the number once counting by eye gets hard. */

import { make } from '/wires.js';

const [WIDTH, HEIGHT, STEP] = [52, 35, 10];
const LEAN = [0, 3, -2, 2, -3, 1, -1, 2, -2, 0];

export class Pile {
  constructor(group, { x, y, most = 8, tagAt = null }) {
    Object.assign(this, { group, x, y, most, tagAt, slips: [] });
    this.tag = make('g', { opacity: 0 }, group);
    make('rect', { class: 'pile-tag', x: -26, y: -17, width: 52, height: 34, rx: 17 }, this.tag);
    this.label = make('text', { class: 'pile-label' }, this.tag);
  }

  show(count) {
    const wanted = Math.min(count, this.most);
    while (this.slips.length < wanted) this.add();
    while (this.slips.length > wanted) this.slips.pop().remove();
    this.tag.setAttribute('opacity', this.tagAt !== null && count > 3 ? 1 : 0);
    this.tag.setAttribute('transform', `translate(${this.x + this.tagAt} ${this.y - 19})`);
    this.label.textContent = count > 9999 ? '9999+' : String(count);
  }

  add() {
    const place = this.slips.length;
    const slip = make('use', { class: 'slip', href: '#slip', width: WIDTH, height: HEIGHT }, this.group);
    const dx = LEAN[place % LEAN.length];
    slip.setAttribute('transform', `translate(${this.x + dx} ${this.y - place * STEP - HEIGHT}) rotate(${dx} ${WIDTH / 2} ${HEIGHT / 2})`);
    this.slips.push(slip);
    this.group.append(this.tag);
  }
}
