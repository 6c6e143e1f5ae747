/** A read-only window into the stores, for tests that drive the real page. */
import { lines } from './basket';
import { tokensLeft } from './checkout';
import { connection } from './connection';
import { stages } from './hydration';
import { slips, unsent } from './orders';
import type { Connection, Line, Slip, Stage } from './types';

export interface StateHook {
  stages(): Stage[];
  unsent(): number;
  connection(): Connection;
  tokensLeft(): number;
  slips(): Slip[];
  lines(): Line[];
}

declare global {
  interface Window {
    edgeshop: StateHook;
  }
}

export function showState(): void {
  window.edgeshop = Object.freeze({
    stages: () => structuredClone([...stages.peek()]),
    unsent: () => unsent.peek(),
    connection: () => connection.peek(),
    tokensLeft: () => tokensLeft.peek(),
    slips: () => structuredClone([...slips.peek()]),
    lines: () => structuredClone([...lines.peek()]),
  });
}
