/** Small facts about this browser. */
import { database, type Meta } from './schema';

export async function getMeta<Key extends keyof Meta>(key: Key): Promise<Meta[Key] | undefined> {
  return (await (await database()).get('meta', key)) as Meta[Key] | undefined;
}

export async function setMeta<Key extends keyof Meta>(key: Key, value: Meta[Key]): Promise<void> {
  await (await database()).put('meta', value, key);
}
