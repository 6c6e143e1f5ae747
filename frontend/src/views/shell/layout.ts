/** Which of the layouts the stylesheet chose. The container queries decide; this only reads their answer. */
import { signal, type ReadonlySignal } from '@preact/signals';

export type Layout = 'phone' | 'middle' | 'tall' | 'wide';

const known: readonly string[] = ['phone', 'middle', 'tall', 'wide'] satisfies Layout[];
const current = signal<Layout>('phone');

export const layout: ReadonlySignal<Layout> = current;

function isLayout(name: string): name is Layout {
  return known.includes(name);
}

export function watchLayout(shell: HTMLElement): () => void {
  const read = () => {
    const name = getComputedStyle(shell).getPropertyValue('--layout').trim();
    if (isLayout(name)) current.value = name;
  };
  const observer = new ResizeObserver(read);
  observer.observe(shell);
  const probe = shell.querySelector('.probe');
  if (probe) observer.observe(probe); // one rem wide: larger text is a smaller wall
  read();
  return () => observer.disconnect();
}
