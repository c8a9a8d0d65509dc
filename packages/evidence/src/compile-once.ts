import { Ajv2020, type FormatDefinition, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

type Formats = Readonly<Record<string, FormatDefinition<string>['validate']>>;

/**
 * A check of files against `schema`, compiled when it is first asked for: each command would otherwise spend some 15 ms
 * on schemas that it never uses.
 */
export function compileOnce<T>(schema: object, formats: Formats, options: Options = {}): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | undefined;
  return () => {
    if (compiled === undefined) {
      const ajv = new Ajv2020({ allErrors: true, strict: true, ...options });
      for (const [name, fits] of Object.entries(formats)) ajv.addFormat(name, fits);
      compiled = ajv.compile<T>(schema);
    }
    return compiled;
  };
}
