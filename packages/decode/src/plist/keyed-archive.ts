import { isDict, type PlistValue, plistAt } from './plist-value.ts';

/** An archive of NSKeyedArchiver: its root object, whose values are looked up by name through their references. */
export class KeyedArchive {
  readonly #objects: readonly PlistValue[];
  readonly #root: PlistValue;

  constructor(plist: PlistValue) {
    const objects = plistAt(plist, '$objects');
    this.#objects = Array.isArray(objects) ? objects : [];
    const top = plistAt(plist, '$top');
    this.#root = isDict(top) ? this.follow(top.get('root') ?? [...top.values()][0] ?? null) : null;
  }

  /** A value of the root object; data and text without the classes around them. Null where there is none. */
  value(name: string): PlistValue {
    const found = this.follow(plistAt(this.#root, name));
    if (!isDict(found)) return found;
    // NSData and NSString keep their bytes inside, or refer to them: both occur.
    for (const inner of ['NS.data', 'NS.bytes', 'NS.string', 'NS.time']) {
      if (found.has(inner)) return this.follow(found.get(inner) ?? null);
    }
    return found;
  }

  follow(value: PlistValue): PlistValue {
    if (value === null || typeof value !== 'object' || !('uid' in value)) return value;
    const found = this.#objects[value.uid] ?? null;
    return found === '$null' ? null : found;
  }
}
