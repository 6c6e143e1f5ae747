/** The wire between browser and kiosk: generated from the kiosk's OpenAPI, and the seed files by hand. */
import type { components } from './schema';

type Wire = components['schemas'];

export type ShopOut = Wire['ShopOut'];
export type Health = Wire['HealthOut'];
export type SeatIn = Wire['SeatIn'];
export type SeatOut = Wire['SeatOut'];
export type TokensIn = Wire['TokensIn'];
export type TokensOut = Wire['TokensOut'];
export type OrderIn = Wire['OrderIn'];
export type OrderOut = Wire['OrderOut'];
export type OrderStatus = Wire['StandingOut'];
export type StatusIn = Wire['StatusIn'];
export type StatusOut = Wire['StatusOut'];
export type SeedItem = Wire['SeedItem'];
export type Seeds = Wire['SeedsOut'];
export type RecommendationOut = Wire['RecommendOut'];
export type PushSubscriptionIn = Wire['SubscriptionIn'];
export type ContactIn = Wire['ContactIn'];

/** The shelf, columnar: place i of every column is product id[i]. */
export interface CoreSeed {
  shop: ShopOut;
  book: number;
  rates: Record<string, number>;
  products: {
    id: number[];
    category: number[];
    price: number[];
    tax: string[];
    policy: string[];
    availability: string[];
    colour: string[];
    image: (string | null)[];
    barcode: (string | null)[];
    names: Record<string, (string | null)[]>;
    popular: number[];
  };
}

export interface PicturesSeed {
  pictures: [sha256: string, sizeBytes: number][];
}

export interface TextsSeed {
  descriptions: Record<string, Record<string, string>>;
}
