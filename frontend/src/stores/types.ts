/** What the views and the stores say to each other. */
import type { Tender } from '../shared/outbox-core';

export type { Tender };
export type Lang = 'en' | 'de' | 'ar';
export type Availability = 'in_stock' | 'few_left' | 'ask_staff';
export type StockPolicy = 'strict' | 'shelf' | 'backorder' | 'untracked';

export interface Product {
  id: number;
  category: number;
  names: Record<string, string>;
  priceMinor: number;
  taxClass: string;
  policy: StockPolicy;
  availability: Availability;
  /** '#rrggbb', painted until the picture is there. */
  colour: string;
  /** `/media/<sha256>`, or null when there is no picture. */
  image: string | null;
  barcode: string | null;
}

export interface Category {
  id: number;
  slug: string;
  names: Record<string, string>;
  count: number;
}

export interface Shop {
  id: number;
  name: string;
  kioskId: number;
  currency: string;
  exponent: number;
  inclusive: boolean;
  languages: Lang[];
  defaultLanguage: Lang;
  tenders: Tender[];
}

export interface Line {
  productId: number;
  qty: number;
}

export interface SlipLine {
  productId: number;
  name: string;
  qty: number;
  unitMinor: number;
  totalMinor: number;
}

export type SlipState = 'provisional' | 'confirmed' | 'acknowledged' | 'settled' | 'review';

export interface Slip {
  number: string;
  /** Milliseconds since 1970. */
  placedAt: number;
  lines: SlipLine[];
  totalMinor: number;
  taxMinor: number;
  currency: string;
  tender: Tender;
  state: SlipState;
  receiptKey: string | null;
  /** What the QR holds. */
  receiptUrl: string;
}

export type PayResult =
  | { kind: 'done'; slip: Slip }
  | { kind: 'provisional'; slip: Slip }
  | { kind: 'refused'; code: string; fields: Record<string, unknown> };

export interface SearchResult {
  ids: number[];
  corrected: string | null;
  facets: { category: number; count: number }[];
  /** Closest products when `ids` is empty. */
  nearest: number[];
}

export type SuggestionSource = 'kiosk-model' | 'browser-model' | 'vectors' | 'bestsellers';

export interface Suggestion {
  items: number[];
  confidence: number;
  source: SuggestionSource;
  modelVersion: number | null;
  featuresAgeS: number | null;
}

export type Connection = 'connected' | 'shop_alone' | 'screen_alone';

export type StageName = 'shell' | 'core' | 'vectors' | 'tokens' | 'pictures' | 'rest';

export interface Stage {
  name: StageName;
  state: 'waiting' | 'loading' | 'done' | 'failed';
  doneBytes: number;
  totalBytes: number;
  /** A file of it came damaged twice in a row: somebody should look at the kiosk. */
  isSpoilt?: boolean;
}

export interface BasketTotals {
  totalMinor: number;
  taxMinor: number;
  taxByRate: Record<string, number>;
  lineTotals: number[];
}
